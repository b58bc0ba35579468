"""That the site on a desk follows its author through every mistake."""

import re
import signal
import socket
import threading
import time
import urllib.request
from types import SimpleNamespace

import pytest

from harness.core import memory
from harness.core.memory import Memory, Stopped
from harness.core.problem import Problem
from harness.gate import gate
from harness.serve import serve
from tests.commands import Command
from tests.conftest import Draft


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def port():
    return free_port()


def test_a_polite_kill_ends_the_server_too(draft, port):
    ours = Command("harness", "--root", draft.tree.root, "serve", "--port", port)
    try:
        assert "<title>Small</title>" in _read(f"http://127.0.0.1:{port}/")
        ours.send_signal(signal.SIGTERM)
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


HOLDS = "the pages hold"


class Desk:
    """`harness serve` on a small project, as an author has it before them."""

    def __init__(self, draft, port: int):
        self.draft, self.port = draft, port
        self.folder = draft.tree.build / f"preview-{port}"
        self.process = None

    def start(self) -> None:
        root = self.draft.tree.root
        self.process = Command("harness", "--root", root, "serve", "--port", self.port)

    def kill(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()

    def held(self) -> int:
        """How many builds have held so far."""
        return self.process.said.count(HOLDS)

    def shows(self, text: str, page: str = "") -> None:
        """Wait until the server gives that page with that text."""
        url = f"http://127.0.0.1:{self.port}/{page}"
        self._wait(lambda: text in _read(url), f"{url} does not show {text!r}")

    def says(self, text: str, times: int = 1) -> None:
        """Wait until it has printed a text so many times."""
        self._wait(
            lambda: self.process.said.count(text) >= times,
            f"it does not say {text!r}",
        )

    def _wait(self, holds, otherwise: str) -> None:
        until = time.monotonic() + 60
        while not holds():
            assert self.process.returncode is None, self.process.said
            assert time.monotonic() < until, f"{otherwise}; {self.process.said}"
            time.sleep(0.1)


@pytest.fixture
def desk(draft, port):
    one = Desk(draft, port)
    yield one
    one.kill()


@pytest.fixture(scope="module")
def open_desk(tmp_path_factory):
    """One whose first build holds, for tests that leave pages which hold."""
    one = Desk(Draft(tmp_path_factory.mktemp("desk")), free_port())
    one.start()
    one.says(HOLDS)
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
    desk.shows("Older than its program")
    desk.says("snippets/numbers/sum.py: has changed since it was recorded")
    draft.snippet("numbers/sum", "print(2 + 3)  # edited\n", "5 apples\n")
    desk.shows("5 apples")
    assert "Older than its program" not in _read(f"http://127.0.0.1:{desk.port}/")


def test_a_page_loads_again_after_a_build_and_only_then(open_desk):
    desk, held = open_desk, open_desk.held()
    home = f"http://127.0.0.1:{desk.port}/"
    build = _read(f"{home}livereload")
    assert '<script src="livereload.js">' in _read(home)
    assert "location.reload()" in _read(f"{home}livereload.js")
    desk.draft.write("docs/index.md~", "An editor's copy.\n")
    desk.says(HOLDS, held + 1)
    desk.draft.add("Another word.\n")
    desk.shows("Another word.")
    assert int(_read(f"{home}livereload")) > int(build)


def test_what_an_edit_does_not_touch_is_not_built_again(desk):
    def built(page: str) -> tuple[int, int]:
        about = (desk.folder / page / "index.html").stat()
        return about.st_ino, about.st_mtime_ns

    file = desk.draft.tree.root / "mkdocs.yml"
    file.write_text(file.read_text().replace("Why: numbers", "numbers"))
    desk.start()
    desk.says(HOLDS)
    before, home = built("numbers/why"), built("")
    desk.draft.add("A word.\n")
    desk.shows("A word.")
    assert built("numbers/why") == before
    # Another file took its place: whoever read the page meanwhile got all of it.
    assert built("")[0] != home[0]
    page = desk.draft.tree.docs / "numbers/why.md"
    page.write_text(page.read_text().replace("# Why", "# Wherefore", 1))
    desk.shows("<title>Wherefore", "numbers/why/")
    desk.shows("Wherefore")  # in the nav
    assert built("numbers/why") != before


def test_what_touches_every_page_is_seen_on_every_page(open_desk):
    desk, held = open_desk, open_desk.held()
    draft, file = desk.draft, desk.draft.tree.root / "mkdocs.yml"
    draft.page("numbers/new.md", "# Brand new\n")
    file.write_text(
        file.read_text().replace("  - Why", "  - New: numbers/new.md\n  - Why")
    )
    desk.shows("Brand new", "numbers/new/")
    desk.shows("numbers/new/")  # in the nav of the home page
    desk.shows("../new/", "numbers/why/")
    draft.write("docs/assets/plain.css", "p { color: red }\n")
    desk.shows("color: red", "assets/plain.css")
    draft.write("docs/assets/plain.css", "p { color: blue }\n")
    desk.shows("color: blue", "assets/plain.css")
    desk.says(HOLDS, held + 1)


def test_a_file_that_cannot_be_read_ends_nothing(open_desk):
    desk = open_desk
    page = desk.draft.tree.docs / "index.md"
    good = page.read_text()
    page.write_bytes(b"\xff")
    desk.says("the pages stay as they were")
    desk.says("is not in UTF-8")
    held = desk.held()
    page.write_text(good + "\nWhole again.\n")
    desk.shows("Whole again.")
    desk.says(HOLDS, held + 1)


def test_a_port_that_is_taken_is_named(draft):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(
            Problem, match=f"port {taken} is taken; .* PORT={taken + 1}"
        ):
            serve.serve(draft.tree, taken)


def test_programs_and_texts_come_as_text_in_utf_8(tmp_path, port):
    for name in ("a.py", "index.md", "llms.txt"):
        (tmp_path / name).write_text("é", encoding="utf-8")
    server = serve._Server(tmp_path, port)
    server.start()
    for file in tmp_path.iterdir():
        with urllib.request.urlopen(f"{server.address}{file.name}") as answer:
            assert re.fullmatch(
                r"text/[\w-]+; charset=utf-8", answer.headers["Content-Type"]
            )
            assert answer.read().decode() == "é"
    server.shutdown()
    server.server_close()


def test_the_server_goes_on_while_a_page_is_broken(open_desk):
    desk = open_desk
    page = desk.draft.tree.docs / "index.md"
    good = page.read_text()
    desk.draft.add('A broken line.\n\n--8<-- "numbers/sun.md"\n')
    desk.says("no fragment 'numbers/sun.md'")
    desk.shows("A broken line.")
    before = desk.held()
    page.write_text(good + "\nIt is well again.\n")
    desk.shows("It is well again.")
    desk.says(HOLDS, before + 1)


def test_after_a_hard_kill_it_starts_again_at_once(desk):
    desk.start()
    desk.shows("<title>Small</title>")
    desk.kill()
    desk.draft.add("Written between the two.\n")
    desk.start()
    desk.says("(as it was; the new build follows)")
    desk.shows("Written between the two.")
    desk.draft.add("Written after.\n")
    desk.shows("Written after.")


def test_a_walkthrough_is_executed_beside_the_server_and_may_fail(monkeypatch, capsys):
    programs, made = threading.Event(), []

    def make():
        made.append(1)
        programs.set()
        if len(made) == 1:
            raise ValueError("half a file")
        raise SystemExit

    monkeypatch.setattr(serve, "SETTLE", 0)
    with pytest.raises(SystemExit):
        serve._repeat(programs, "notebooks", make)
    assert capsys.readouterr().out == "the notebooks stay as they were: half a file\n"


def test_only_programs_ring_for_the_notebooks(tmp_path):
    from watchdog.events import FileModifiedEvent, FileMovedEvent

    drawn = "docs/assets/figures/a/b.py"  # by us
    every = {"a.py": True, "a.ipynb": False, "a.md": False, drawn: False}
    for name, rings in every.items():
        for event in (FileModifiedEvent(f"/x/{name}"), FileMovedEvent("/x/b", name)):
            edited = threading.Event()
            serve._Bell(edited, r".*\.py$").dispatch(event)
            assert edited.is_set() == rings, name


def test_an_edit_is_shown_before_the_first_check_of_all_pages_ends(draft, capsys):
    """As after a clone, where no page was read before."""
    draft.problems()
    (draft.tree.build / memory.FILE).unlink()
    shown, edited = [], threading.Event()
    preview = SimpleNamespace(update=lambda: shown.append(1))
    # The edit comes once the site is served.
    server = SimpleNamespace(start=edited.set, started=False)
    execution = threading.Thread(target=lambda: None)
    given = draft.tree, edited, preview, server, execution
    serve._follow(*given)
    assert len(shown) == 1 and not execution.ident and not capsys.readouterr().out
    edited.clear()
    server.start, server.started = lambda: None, True
    serve._follow(*given)
    assert len(shown) == 4 and execution.ident  # one more, before anything is made
    assert capsys.readouterr().out == "the pages hold\n"


@pytest.mark.parametrize("stage", [gate.write_tables, gate.check_programs])
def test_an_edit_ends_a_long_stage(draft, stage):
    edited = []
    state = gate.Gate(Memory(draft.tree.root, lambda: bool(edited)))
    gate.load(state)
    edited.append(1)
    with pytest.raises(Stopped):
        stage(state)
