"""`python -m harness serve`: the site with live reload, fragments included.

What an author saves is shown as soon as the fragments are made, and what the gate says
of it follows. Walkthroughs are executed beside that.
"""

import time
import warnings
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from watchdog.events import RegexMatchingEventHandler
from watchdog.observers import Observer

from harness.core.problem import Problem, say
from harness.core.tree import Tree

SETTLE = 0.2  # seconds: an editor saves in several steps
MADE = r".*[\\/](assets[\\/]figures|overrides[\\/]stamps)[\\/]"


def serve(tree: Tree, port: int) -> None:
    """Serve until Ctrl-C. Raises Problem where the port is taken."""
    folder = tree.build / f"preview-{port}"
    server = _Server(folder, port)
    edited, programs = Event(), Event()
    observer = _watch(tree, edited, programs)
    try:
        if folder.is_dir():
            server.start("as it was; the new build follows")
        # They take a second to import; the last build is shown before that.
        from harness.serve.preview import RELOAD, Preview

        preview = Preview(tree, folder, server.address, [RELOAD])
        execution = Thread(
            target=_repeat, args=(programs, "notebooks", _execute, tree), daemon=True
        )
        _repeat(edited, "pages", _follow, tree, edited, preview, server, execution)
    except KeyboardInterrupt:
        pass
    finally:
        observer.stop()
        server.server_close()


def _watch(tree: Tree, edited: Event, programs: Event) -> Observer:
    # It says one where a folder is made while it starts to watch the one above.
    warnings.filterwarnings("ignore", module="watchdog")
    observer = Observer()
    observer.schedule(_Bell(edited, r".*mkdocs\.yml$"), str(tree.root))
    tree.notebooks.mkdir(parents=True, exist_ok=True)
    read = tree.docs, tree.snippets, tree.recorded, tree.root / "overrides"
    for path in (*read, tree.notebooks):
        if path.is_dir():
            observer.schedule(_Bell(edited), str(path), recursive=True)
    for path in filter(Path.is_dir, (tree.docs, tree.root / "lab")):
        observer.schedule(_Bell(programs, r".*\.py$"), str(path), recursive=True)
    observer.start()
    return observer


def _repeat(changed: Event, what: str, make: Callable, *given) -> None:
    """Make it now, and again after each change."""
    while True:
        try:
            make(*given)
        except Exception as error:  # half a file, say; the next change may fix it
            print(f"the {what} stay as they were: {error}")
        changed.wait()
        time.sleep(SETTLE)
        changed.clear()


def _execute(tree: Tree) -> None:
    from harness.notebooks import make as notebooks

    say(notebooks.make(tree))


def _follow(
    tree: Tree, edited: Event, preview, server: "_Server", execution: Thread
) -> None:
    """Take the project through the gate; show it early, and again at the end.

    What an author typed is shown at once, a fragment as soon as it is made. The gate
    takes longer: an edit begins anew.
    """
    from harness.core.memory import Memory, Stopped
    from harness.gate import gate

    if server.started:
        preview.update()
    state = gate.Gate(Memory(tree.root, edited.is_set))
    try:
        for stage in gate.STAGES:
            stage(state)
            if stage in (gate.write_fragments, gate.STAGES[-1]):
                preview.update()
                server.start()
            elif edited.is_set():
                return
    except Stopped:
        return
    say(state.problems)
    if not state.problems:
        print("the pages hold")
    if not execution.ident:
        execution.start()


class _Bell(RegexMatchingEventHandler):
    """Rings for files that a person, `make record` or an execution changed."""

    def __init__(self, changed: Event, wanted: str = ".*"):
        super().__init__(
            regexes=[wanted], ignore_regexes=[MADE], ignore_directories=True
        )
        self.on_created = self.on_modified = lambda _: changed.set()
        self.on_deleted = self.on_moved = self.on_created


class _Server(ThreadingHTTPServer):
    """Takes the port at once; who asks before `start` waits."""

    def __init__(self, folder: Path, port: int):
        try:
            super().__init__(("127.0.0.1", port), partial(_Files, directory=folder))
        except OSError as error:
            what = f"port {port} is taken; choose another with PORT: "
            raise Problem.general(f"{what}make serve PORT={port + 1}") from error
        self.address = f"http://127.0.0.1:{port}/"
        self._answers = Thread(target=self.serve_forever, daemon=True)

    @property
    def started(self) -> bool:
        return bool(self._answers.ident)

    def start(self, said: str = "Ctrl-C ends it") -> None:
        if not self.started:
            self._answers.start()
            print(f"serving on {self.address} ({said})")

    def handle_error(self, request, client_address):
        """Say nothing: browsers break off what they no longer need."""


class _Files(SimpleHTTPRequestHandler):
    def guess_type(self, path: str) -> str:
        kind = super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_):
        pass
