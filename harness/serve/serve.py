"""`python -m harness serve`: the site with live reload, fragments included.

Whatever an author saves goes through the gate's stages: the site shows it as soon as
the fragments are made, and what the gate says of it follows. Walkthroughs are executed
beside that; a page says so until its outputs are there.
"""

import os
import time
import warnings
from pathlib import Path
from threading import Event, Thread

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from harness.core.tree import Tree
from harness.serve.server import Server

SETTLE = 0.2  # seconds: an editor saves in several steps
WRITES = ("created", "modified", "deleted", "moved")
MADE = (os.path.join("assets", "figures"), os.path.join("overrides", "stamps"))


def serve(tree: Tree, port: int) -> int:
    """Serve until Ctrl-C. Raises Problem where the port is taken.

    What an earlier start built is shown until the new build is there.
    """
    # It says one where a folder is made while it starts to watch the one above.
    warnings.filterwarnings("ignore", module="watchdog")
    folder = tree.build / f"preview-{port}"
    server = Server(folder, port)
    edited, programs = Event(), Event()
    observer = Observer()
    observer.schedule(_Bell(edited, "mkdocs.yml"), str(tree.root))
    for path in (tree.docs, tree.snippets, tree.recorded, tree.root / "overrides"):
        if path.is_dir():
            observer.schedule(_Bell(edited), str(path), recursive=True)
    for path in filter(Path.is_dir, (tree.docs, tree.root / "lab")):
        observer.schedule(_Bell(programs, ".py"), str(path), recursive=True)
    observer.start()
    try:
        if folder.is_dir():
            server.open("as it was; the new build follows")
        _work(tree, server, folder, edited, programs)
    except KeyboardInterrupt:
        return 0
    finally:
        observer.stop()
        server.server_close()


def _work(tree: Tree, server: Server, folder: Path, edited: Event, programs: Event):
    # They take a second to import; the last build is shown before that.
    from harness.notebooks import make as notebooks
    from harness.serve.preview import Preview

    if not all(one.with_suffix(".ipynb").exists() for one in tree.docs.glob("*/*.py")):
        notebooks.pending(tree)
    preview = Preview(tree, folder, server.address)
    execution = Thread(target=_execute, args=(tree, programs), daemon=True)
    edited.set()
    programs.set()
    while True:
        _wait(edited)
        try:
            _follow(tree, preview, server)
        except Exception as error:  # half a file, say; the next change may fix it
            print(f"the pages stay as they were: {error}", flush=True)
        if folder.is_dir() and not server.opened:
            server.open()
        if not execution.ident:
            execution.start()


def _wait(changed: Event) -> None:
    changed.wait()
    time.sleep(SETTLE)
    changed.clear()


def _follow(tree: Tree, preview, server: Server) -> None:
    """Take the project through the gate; show it early, and again at the end."""
    from harness.gate import gate

    state = gate.Gate(tree, gate.Site(tree))
    for stage in gate.STAGES:
        stage(state)
        if stage in (gate.write_fragments, gate.STAGES[-1]) and preview.update():
            server.reload()
    for problem in sorted(state.problems):
        print(problem, flush=True)
    if not state.problems:
        print("the pages hold", flush=True)


def _execute(tree: Tree, programs: Event) -> None:
    from harness.notebooks import make as notebooks

    def say(line: str) -> None:
        if not line.endswith(notebooks.UNCHANGED):
            print(line, flush=True)

    while True:
        _wait(programs)
        try:
            for problem in notebooks.make(tree, say=say):
                print(problem, flush=True)
        except Exception as error:  # as above
            print(f"the notebooks stay as they were: {error}", flush=True)


class _Bell(FileSystemEventHandler):
    """Rings for files that a person, `make record` or an execution changed."""

    def __init__(self, changed: Event, suffix: str = ""):
        self._changed, self._suffix = changed, suffix

    def on_any_event(self, event: FileSystemEvent) -> None:
        path = event.src_path
        if event.event_type not in WRITES or event.is_directory:
            return
        if path.endswith(self._suffix) and not any(made in path for made in MADE):
            self._changed.set()
