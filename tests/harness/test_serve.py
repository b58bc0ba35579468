"""That the site on a desk follows its author through every mistake."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest

from harness.core.tree import HERE, Tree
from harness.notebooks import make as notebooks
from harness.serve import last_build, serve


def test_live_reload_outlives_a_file_that_cannot_be_read(tmp_path, monkeypatch, capsys):
    changed, made = threading.Event(), []

    def make(_):
        made.append(1)
        changed.set()
        if len(made) == 1:
            raise UnicodeDecodeError("utf-8", b"", 0, 1, "half a file")
        raise SystemExit  # it would go on for ever

    monkeypatch.setattr(serve, "_make", make)
    monkeypatch.setattr(serve, "SETTLE", 0)
    changed.set()
    with pytest.raises(SystemExit):
        serve._follow(Tree(tmp_path), changed)
    assert len(made) == 2
    assert "half a file" in capsys.readouterr().out


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def test_a_second_start_does_not_wait_for_the_pages(draft, port, monkeypatch):
    asked, ended = [], threading.Event()

    class Server:
        def __init__(self, command, **_):
            asked.append(command)

        def wait(self):
            ended.set()

        def terminate(self):
            pass

    def make(_):
        assert ended.wait(10)

    assert not draft.problems()
    monkeypatch.setattr(serve, "_make", make)
    monkeypatch.setattr(serve.subprocess, "Popen", Server)
    serve.serve(draft.tree, port)
    assert [command[2:4] for command in asked] == [["mkdocs", "serve"]]


def test_a_polite_kill_ends_the_server_too(draft, port):
    command = [sys.executable, "-m", "harness", "--root", str(draft.tree.root)]
    ours = subprocess.Popen(
        [*command, "serve", "--port", str(port)],
        env=os.environ | {"PYTHONPATH": str(HERE.root)},
        cwd=HERE.root,
    )
    try:
        assert "<title>Small</title>" in _read(f"http://127.0.0.1:{port}/")
        ours.terminate()
        assert ours.wait(20) == 0
    finally:
        ours.kill()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def _read(url: str) -> str:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


class Desk:
    """`harness serve` on a small project, as an author has it before them."""

    def __init__(self, draft, port: int):
        self.draft, self.port = draft, port
        self.log = draft.tree.root / "said.txt"
        self.process = None

    def start(self) -> None:
        command = [sys.executable, "-m", "harness", "--root", str(self.draft.tree.root)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*command, "serve", "--port", str(self.port)],
                env=os.environ | {"PYTHONPATH": str(HERE.root)},
                cwd=HERE.root,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def shows(self, text: str, page: str = "") -> None:
        """Wait until the server gives that page with that text."""
        url = f"http://127.0.0.1:{self.port}/{page}"
        self._wait(lambda: text in _read(url), f"{url} does not show {text!r}")

    def says(self, text: str, times: int = 1) -> None:
        """Wait until it has printed a text so many times."""
        self._wait(
            lambda: self.log.read_text().count(text) >= times,
            f"it does not say {text!r}",
        )

    def _wait(self, holds, otherwise: str) -> None:
        until = time.monotonic() + 60
        while not holds():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, f"{otherwise}; {self.log.read_text()}"
            time.sleep(0.1)


@pytest.fixture
def desk(draft, port):
    file = draft.tree.root / "mkdocs.yml"
    hook = HERE.root / "harness" / "serve" / "last_build.py"
    text = file.read_text().replace("paths: true", "paths: !ENV [CHECK_PATHS, true]")
    file.write_text(f"{text}hooks: [{hook}]\nwatch: [build/fragments]\n")
    one = Desk(draft, port)
    yield one
    one.kill()


def test_every_edit_is_seen_from_the_first_start_on(desk):
    draft = desk.draft
    assert not draft.tree.build.exists()
    desk.start()
    desk.shows("<title>Small</title>")
    draft.add("A new word: sesquipedalian.\n")
    desk.shows("sesquipedalian")
    draft.snippet("numbers/sum", "print(2 + 3)  # edited\n")
    desk.shows("# edited")
    draft.snippet("numbers/sum", "print(2 + 3)  # edited\n", "5 apples\n")
    desk.shows("5 apples")


def test_the_server_goes_on_while_a_page_is_broken(desk):
    desk.start()
    desk.shows("<title>Small</title>")
    page = desk.draft.tree.docs / "index.md"
    good = page.read_text()
    desk.draft.add('A broken line.\n\n--8<-- "numbers/sun.md"\n')
    desk.says("no fragment 'numbers/sun.md'")
    desk.shows("A broken line.")
    before = desk.log.read_text().count("the pages hold")
    page.write_text(good + "\nIt is well again.\n")
    desk.shows("It is well again.")
    desk.says("the pages hold", before + 1)


def test_after_a_hard_kill_it_starts_again_at_once(desk):
    desk.start()
    desk.shows("<title>Small</title>")
    desk.kill()
    desk.draft.add("Written between the two.\n")
    desk.start()
    desk.shows("Written between the two.")
    desk.draft.add("Written after.\n")
    desk.shows("Written after.")


def test_a_walkthrough_is_executed_beside_the_server_and_may_fail(
    tmp_path, monkeypatch, capsys
):
    edited, made = threading.Event(), []

    def make(_, say):
        made.append(1)
        say(f"docs/walks/sum.py: {notebooks.UNCHANGED}")
        say("docs/walks/other.py: 2 cells in 1 s")
        edited.set()
        if len(made) == 1:
            raise ValueError("half a file")
        raise SystemExit

    monkeypatch.setattr(notebooks, "make", make)
    monkeypatch.setattr(serve, "_wait_for", lambda port: None)
    monkeypatch.setattr(serve, "SETTLE", 0)
    edited.set()
    with pytest.raises(SystemExit):
        serve._execute(Tree(tmp_path), edited, 8000)
    said = capsys.readouterr().out.split("\n")
    assert said[:2] == [
        "docs/walks/other.py: 2 cells in 1 s",
        "the notebooks stay as they were: half a file",
    ]
    assert not [line for line in said if notebooks.UNCHANGED in line]


def test_only_programs_ring_for_the_notebooks(tmp_path):
    from watchdog.events import FileModifiedEvent

    for name, rings in {"a.py": True, "a.ipynb": False, "a.md": False}.items():
        edited = threading.Event()
        serve._Bell(edited, ".py").on_any_event(FileModifiedEvent(f"/x/{name}"))
        assert edited.is_set() == rings, name


def test_the_last_build_is_shown_until_the_new_one_serves(tmp_path, port):
    last = tmp_path / "build" / "served"
    last.mkdir(parents=True)
    (last / "index.html").write_text("<p>as it was</p>")
    config = SimpleNamespace(
        config_file_path=str(tmp_path / "mkdocs.yml"),
        dev_addr=("127.0.0.1", port),
        site_dir=str(tmp_path / "site"),
    )
    try:
        last_build.on_startup("serve", False)
        last_build.on_config(config)
        shown = _read(f"http://127.0.0.1:{port}/")
        assert shown == "<p>as it was</p>" + last_build.RELOAD.decode()
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/livereload/0/0")
        last_build.on_serve(None, config, None)
        with socket.create_server(("127.0.0.1", port)):
            pass  # the port is free for MkDocs
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "index.html").write_text("<p>new</p>")
        last_build.on_post_build(config)
        assert (last / "index.html").read_text() == "<p>new</p>"
    finally:
        last_build.on_shutdown()
        last_build.serving, last_build.server = False, None
