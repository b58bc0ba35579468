"""`python -m harness serve`: the site with live reload, fragments included.

MkDocs watches the pages and the fragments; this makes the fragments anew when a
snippet, its output or a record changes. Walkthroughs are executed beside it: a page
says so until its outputs are there.
"""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from harness.core.problem import Problem
from harness.core.tree import Tree

SETTLE = 0.3  # seconds: an editor saves in several steps
IMPORTS = threading.Lock()  # two threads that import one package meet half of it


def serve(tree: Tree, port: int) -> int:
    """Serve until Ctrl-C. Raises Problem where the port is taken.

    MkDocs starts at once where an earlier start left what it needs: that is made
    anew meanwhile, by modules that take a second to import, and it follows. Its last
    build is shown until the new one is there (`harness/serve/last_build.py`).
    """
    _need_port(port)
    changed, edited = threading.Event(), threading.Event()
    changed.set()
    edited.set()
    if not any(tree.fragments.glob("*")):
        changed.clear()
        _make(tree)
    if _without_notebook(tree):
        _pend(tree)
    server = _start(tree, port)
    observer = Observer()
    for folder in (tree.snippets, tree.recorded, tree.docs):
        observer.schedule(_Bell(changed), str(folder), recursive=True)
    for folder in filter(Path.is_dir, (tree.docs, tree.root / "harness")):
        observer.schedule(_Bell(edited, ".py"), str(folder), recursive=True)
    observer.start()
    threading.Thread(target=_follow, args=(tree, changed), daemon=True).start()
    threading.Thread(target=_execute, args=(tree, edited, port), daemon=True).start()
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()
        observer.stop()
        observer.join()


def _start(tree: Tree, port: int) -> subprocess.Popen:
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "serve",
        "--quiet",
        "--dev-addr",
        f"127.0.0.1:{port}",
    ]
    # A page that includes a missing fragment is printed as a problem; with the
    # check on, MkDocs would stop rebuilding without a word.
    env = os.environ | {"CHECK_PATHS": "false", "SITE_URL": f"http://127.0.0.1:{port}/"}
    print(f"serving on http://127.0.0.1:{port}/ (Ctrl-C ends it)", flush=True)
    return subprocess.Popen(command, cwd=tree.root, env=env)


def _need_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Problem.general(
                f"port {port} is taken; choose another with PORT: "
                f"make serve PORT={port + 1}"
            ) from error


def _without_notebook(tree: Tree) -> bool:
    sources = tree.docs.glob("*/*.py")
    return not all(one.with_suffix(".ipynb").exists() for one in sources)


def _pend(tree: Tree) -> None:
    from harness.notebooks import make as notebooks

    notebooks.pending(tree)


def _make(tree: Tree) -> None:
    with IMPORTS:
        from harness.gate import gate as pages
        from harness.site import tables

    tables.make(tree)
    problems = sorted(pages.make(tree))
    for problem in problems:
        print(problem, flush=True)
    if not problems:
        print("the pages hold", flush=True)


def _follow(tree: Tree, changed: threading.Event) -> None:
    while True:
        changed.wait()
        threading.Event().wait(SETTLE)
        changed.clear()
        try:
            _make(tree)
        except Exception as error:  # half a file, say; the next change may fix it
            print(f"the pages stay as they were: {error}", flush=True)


def _execute(tree: Tree, edited: threading.Event, port: int) -> None:
    with IMPORTS:
        from harness.notebooks import make as notebooks

    def say(line: str) -> None:
        if not line.endswith(notebooks.UNCHANGED):
            print(line, flush=True)

    _wait_for(port)  # before that, MkDocs would not notice a new notebook
    while True:
        edited.wait()
        threading.Event().wait(SETTLE)
        edited.clear()
        try:
            for problem in notebooks.make(tree, say=say):
                print(problem, flush=True)
        except Exception as error:  # as above
            print(f"the notebooks stay as they were: {error}", flush=True)


def _wait_for(port: int) -> None:
    while True:
        threading.Event().wait(SETTLE)
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            continue
        return


class _Bell(FileSystemEventHandler):
    """Rings for files that a person or `make record` changed."""

    def __init__(self, changed: threading.Event, suffix: str = ""):
        self._changed, self._suffix = changed, suffix

    def on_any_event(self, event: FileSystemEvent) -> None:
        generated = f"{os.sep}assets{os.sep}figures"
        writes = event.event_type in ("created", "modified", "deleted", "moved")
        ours = generated not in event.src_path
        if event.src_path.endswith(self._suffix) and ours:
            if writes and not event.is_directory:
                self._changed.set()
