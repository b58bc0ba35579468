"""A hook of MkDocs: `mkdocs serve` shows the last build until the new one is there.

A build takes seconds, in which there would be nothing to read. The pages shown so
long ask once a second for the server that comes after, and then load again.
"""

import io
import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from harness.core.tree import Tree

# MkDocs answers this address with the time of its build; here it is not found.
RELOAD = (
    b"<script>setInterval(() => fetch('/livereload/0/0')"
    b".then(answer => answer.ok && location.reload()), 1000)</script>"
)
CLOSES = 0.05  # seconds: MkDocs waits so long for the port
serving = up = False  # up: MkDocs has the port
server: ThreadingHTTPServer | None = None


def on_startup(command, dirty):
    global serving
    serving = command == "serve"


def on_config(config):
    global server
    last = _folder(config)
    if serving and not up and last.is_dir():
        handler = partial(_Handler, directory=str(last))
        server = ThreadingHTTPServer(tuple(config.dev_addr), handler)
        Thread(target=server.serve_forever, args=(CLOSES,), daemon=True).start()
    return config


def on_post_build(config):
    if serving:
        last = _folder(config)
        shutil.rmtree(last, ignore_errors=True)
        shutil.copytree(config.site_dir, last)


def on_serve(server, config, builder):
    global up
    up = True
    _end()
    return server


def on_shutdown():
    _end()


def _end():
    if server is not None:
        server.shutdown()
        server.server_close()


def _folder(config) -> Path:
    return Tree(Path(config.config_file_path).parent).build / "served"


class _Handler(SimpleHTTPRequestHandler):
    def send_head(self):
        """A file, or a page with the script at its end."""
        file = Path(self.translate_path(self.path))
        if file.is_dir() and self.path.endswith("/"):
            file /= "index.html"
        if file.suffix != ".html" or not file.is_file():
            return super().send_head()
        page = file.read_bytes() + RELOAD
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        return io.BytesIO(page)

    def log_message(self, *_):
        pass
