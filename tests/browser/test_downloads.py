"""Walkthroughs as they are taken away, and run again where nothing is installed."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest

from harness.core.tree import HERE
from harness.notebooks import walkthrough
from harness.notebooks.walkthrough import Walkthrough

from . import clean
from .built import CANONICAL
from .test_walkthroughs import html


def changed(root: Path) -> set[str]:
    """The files that a branch changed since it left main; on main, the last commit."""

    def git(*what: str) -> list[str]:
        done = subprocess.run(["git", *what], cwd=root, capture_output=True, text=True)
        return done.stdout.split()

    head, base = git("rev-parse", "HEAD"), git("merge-base", "HEAD", "origin/main")
    if base in ([], head):
        base = git("rev-parse", "--quiet", "--verify", "HEAD^")
    return {*git("diff", "--name-only", *base)} if base else set()


def touched(one: Walkthrough, files: set[str]) -> bool:
    """Whether a walkthrough or a file that it takes a section of is among them."""
    names = f"{one.shown}: {' '.join(re.findall(r'(?m)^# --8<-- .*', one.typed))}"
    return any(f"{file}:" in names for file in files)


WALKS = walkthrough.find(HERE)
# Which are run again: names with spaces between, or `all`. By itself, a quick one and
# those that changed.
ASKED = os.environ.get("DOWNLOADS", "")
NAMES = [one.path.stem for one in WALKS] if ASKED == "all" else ASKED.split()
if not ASKED:
    CHANGED = changed(HERE.root)
    NAMES = ["first-network", *(x.path.stem for x in WALKS if touched(x, CHANGED))]
# What Jupyter does with "run all cells".
RUN_ALL = """\
import sys, nbclient, nbformat
made = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(made, timeout=600, kernel_name="clean").execute()
nbformat.write(made, sys.argv[2])
"""
LONGEST = 1200  # seconds
EXERCISE = re.compile(r"cell-\d+-[23]")  # and what follows it: not executed


def address(site) -> str:
    """Where the site says it is."""
    front = (site.folder / "index.html").read_text(encoding="utf-8")
    return CANONICAL.search(front)[1]


def sources(cells) -> list[str]:
    return [cell.source for cell in cells if cell.cell_type == "code"]


@pytest.mark.parametrize("one", WALKS, ids=lambda one: one.path.stem)
def test_its_download_is_what_was_executed(page, site, one):
    page.goto(html(one))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this notebook").click()
    given = nbformat.read(download.value.path(), 4)
    nbformat.validate(given)
    made, own = one.executed, address(site)
    practised = [cell for cell in given.cells if EXERCISE.fullmatch(cell.id)]
    assert [cell.cell_type for cell in practised] == ["code", "markdown"]
    given.cells = [cell for cell in given.cells if cell not in practised]
    assert "%pip install" in given.cells[0].source
    assert [source.replace(own, "") for source in sources(given.cells[1:])] == [
        source.replace("http://127.0.0.1:8000/", "") for source in sources(made.cells)
    ]
    (result,) = (cell for cell in given.cells if cell.id == "result")
    given.cells.remove(result)
    for before, after in zip(made.cells, given.cells[1:], strict=True):
        assert before.get("outputs") == after.get("outputs")
    for source in [result.source, *sources(given.cells)]:
        for path in re.findall(rf'{re.escape(own)}([^"\s)]+\.\w+)', source):
            assert (site.folder / path).is_file(), f"it fetches {path}"


@pytest.fixture
def folder():
    """Beside our own environment, so that it can lend a file without a copy."""
    HERE.build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HERE.build, prefix="clean-") as made:
        yield Path(made)


def test_what_changed_runs_again(tmp_path):
    def git(*what):
        name = ["-c", "user.name=n", "-c", "user.email=e", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *name, *what], cwd=tmp_path, check=True)

    def commit(name):
        (tmp_path / name).write_text("1")
        git("add", "."), git("commit", "--quiet", "--message", name)

    assert changed(tmp_path) == set()
    git("init", "--quiet", "--initial-branch", "main")
    commit("first")
    assert changed(tmp_path) == set()
    commit("second")
    assert changed(tmp_path) == {"second"}
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert changed(tmp_path) == {"second"}
    commit("third")
    (tmp_path / "first").write_text("2")
    commit("fourth")
    assert changed(tmp_path) == {"first", "third", "fourth"}


def test_a_walkthrough_changes_with_what_it_includes():
    (one,) = (one for one in WALKS if one.path.stem == "first-cnn")
    (file,) = re.findall(r'# --8<-- "(.*):', one.typed)
    assert touched(one, {file}) and touched(one, {one.shown})
    assert not touched(one, {"lab/train/letters.py", "docs/index.md"})


@pytest.mark.timeout(LONGEST)
@pytest.mark.parametrize("name", dict.fromkeys(NAMES))
def test_its_download_runs_in_a_clean_environment(name, site, home, folder):
    one = next(one for one in WALKS if one.path.stem == name)
    file = (site.folder / html(one)).parent / one.notebook_path.name
    text = file.read_text(encoding="utf-8").replace(address(site), home)
    (folder / "given.ipynb").write_text(text, encoding="utf-8")
    (folder / "work").mkdir()
    line = re.search("%pip install (.*)", nbformat.reads(text, 4).cells[0].source)[1]
    env = clean.make(folder, lend_for="" if ASKED else line)
    ran = subprocess.run(
        [sys.executable, "-c", RUN_ALL, folder / "given.ipynb", folder / "ran.ipynb"],
        cwd=folder / "work",
        env=env,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    given = nbformat.read(folder / "given.ipynb", 4)
    made = nbformat.read(folder / "ran.ipynb", 4)
    install = made.cells[0]
    assert "%pip install" in install.source
    assert "Could not find" not in "".join(o.get("text", "") for o in install.outputs)
    for before, after in zip(given.cells[1:], made.cells[1:], strict=True):
        if before.cell_type == "code" and before.outputs:
            assert after.outputs, before.source
    assert os.listdir(folder / "work") == [], "it leaves files behind"
