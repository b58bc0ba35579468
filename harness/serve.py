"""`python -m harness serve`: the site with live reload, fragments included.

MkDocs watches the pages and the fragments; this makes the fragments anew when a
snippet, its output or a record changes.
"""

import os
import socket
import subprocess
import sys
import threading

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from harness.pages import make as pages
from harness.pages import report
from harness.tree import Refused, Tree

SETTLE = 0.3  # seconds: an editor saves in several steps


def serve(tree: Tree, port: int) -> int:
    """Serve until Ctrl-C. Raises Refused where the port is taken.

    MkDocs starts at once where fragments are left from an earlier start: they are
    made anew meanwhile, and it follows.
    """
    _need_port(port)
    changed = threading.Event()
    if any(tree.fragments.glob("*")):
        changed.set()
    else:
        _make(tree)
    observer = Observer()
    for folder in (tree.snippets, tree.recorded, tree.docs):
        observer.schedule(_Bell(changed), str(folder), recursive=True)
    observer.start()
    threading.Thread(target=_follow, args=(tree, changed), daemon=True).start()
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
    server = subprocess.Popen(command, cwd=tree.root, env=env)
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()
        observer.stop()
        observer.join()


def _need_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Refused(
                f"port {port} is taken; choose another with PORT: "
                f"make serve PORT={port + 1}"
            ) from error


def _make(tree: Tree) -> None:
    report.make(tree)
    for problem in sorted(pages.make(tree)):
        print(problem, flush=True)


def _follow(tree: Tree, changed: threading.Event) -> None:
    while True:
        changed.wait()
        threading.Event().wait(SETTLE)
        changed.clear()
        try:
            _make(tree)
        except Exception as error:  # half a file, say; the next change may mend it
            print(f"the pages stay as they were: {error}", flush=True)


class _Bell(FileSystemEventHandler):
    """Rings for files that a person or `make record` changed."""

    def __init__(self, changed: threading.Event):
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        generated = f"{os.sep}assets{os.sep}figures"
        writes = event.event_type in ("created", "modified", "deleted", "moved")
        if writes and not event.is_directory and generated not in event.src_path:
            self._changed.set()
