"""Serves the built site on a free port of this machine, as its host would."""

import contextlib
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(SimpleHTTPRequestHandler):
    """The files of a folder below `base`; elsewhere, 404.html."""

    protocol_version = "HTTP/1.1"  # one connection for many files

    def __init__(self, *args, base: str, **options):
        self.base = base
        super().__init__(*args, **options)

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.base):
            return str(Path(self.directory, "outside"))
        return super().translate_path("/" + path.removeprefix(self.base))

    def send_error(self, code, message=None, explain=None):
        if code != 404:
            return super().send_error(code, message, explain)
        page = Path(self.directory, "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *args):
        """No log: the tests say what went wrong."""


class Server(ThreadingHTTPServer):
    """Says nothing of connections that a browser breaks off as it leaves a page."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def serve(folder: Path, base: str, handler: type[Handler] = Handler) -> Iterator[str]:
    """Serve while the context lasts; the address of the home page."""
    handle = partial(handler, directory=str(folder), base=base)
    with Server(("127.0.0.1", 0), handle) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{base}"
        finally:
            server.shutdown()
