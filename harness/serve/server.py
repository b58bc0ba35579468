"""A folder over HTTP, in which open pages load again after each build."""

import io
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from harness.core.problem import Problem

RELOAD = """<script>
setInterval(async () => {{
  const answer = await fetch("/livereload").catch(() => null)
  if (answer && (await answer.text()) !== "{build}") location.reload()
}}, 500)
</script>
"""


class Server(ThreadingHTTPServer):
    """Takes the port at once, and answers from `open` on."""

    def __init__(self, folder: Path, port: int):
        """Raises Problem where the port is taken."""
        handler = partial(_Handler, directory=str(folder))
        address = ("127.0.0.1", port)
        super().__init__(address, handler, bind_and_activate=False)
        try:
            self.server_bind()
        except OSError as error:
            self.server_close()
            raise Problem.general(
                f"port {port} is taken; choose another with PORT: "
                f"make serve PORT={port + 1}"
            ) from error
        self.address = f"http://127.0.0.1:{port}/"
        self.opened = False
        self.build = time.time_ns()  # a page of an earlier start is older, too

    def open(self, said: str = "Ctrl-C ends it") -> None:
        self.server_activate()
        Thread(target=self.serve_forever, daemon=True).start()
        self.opened = True
        print(f"serving on {self.address} ({said})", flush=True)

    def reload(self) -> None:
        self.build = time.time_ns()

    def handle_error(self, request, client_address):
        """Say nothing: browsers break off what they no longer need."""


class _Handler(SimpleHTTPRequestHandler):
    server: Server

    def send_head(self):
        """A file, or a page with the script at its end."""
        if self.path == "/livereload":
            return self._send(str(self.server.build).encode(), "text/plain")
        file = Path(self.translate_path(self.path))
        if file.is_dir() and self.path.endswith("/"):
            file /= "index.html"
        if file.suffix == ".html" and file.is_file():
            return self._page(file)
        return super().send_head()

    def send_error(self, code, message=None, explain=None):
        file = Path(self.directory, f"{code}.html")
        if file.is_file():
            self.copyfile(self._page(file, code), self.wfile)
        else:
            super().send_error(code, message, explain)

    def list_directory(self, path):
        self.send_error(404)

    def _page(self, file: Path, code: int = 200):
        script = RELOAD.format(build=self.server.build)
        return self._send(file.read_bytes() + script.encode(), "text/html", code)

    def _send(self, data: bytes, kind: str, code: int = 200):
        self.send_response(code)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return io.BytesIO(data)

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_):
        pass
