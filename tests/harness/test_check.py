"""That the check of one page runs all that proves it, and believes what that says."""

import subprocess
import sys

import pytest

from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.serve import check
from tests import forked
from tests.browser import test_text

CLAIMS = "tests/claims/numbers/test_why.py"
LOOK = """\
import os
from pathlib import Path

def test_the_page_is_there():
    page = Path(os.environ["BROWSER_SITE"], os.environ["BROWSER_PAGES"], "index.html")
    assert "Because" in page.read_text()
"""


@pytest.fixture(autouse=True)
def without_torch(monkeypatch):
    """The tests of a draft need none."""
    monkeypatch.setattr(check, "TESTER", "pytest")


@pytest.fixture
def checked(draft, monkeypatch):
    """Checks a page of a draft; the names of the programs that this would run."""
    ran = []

    def run(_, options):
        ran.extend(options.paths)
        return []

    monkeypatch.setattr(check, "run", run)
    draft.write(CLAIMS, "def test_it():\n    assert 4095 + 1 == 4096\n")
    for name in ("text", "walkthroughs"):
        draft.write(f"tests/browser/test_{name}.py", "")
    draft.write("tests/browser/test_pages.py", LOOK)
    return lambda name="numbers/why": (check.check(draft.tree, name), ran)


@pytest.fixture
def without(monkeypatch):
    """Leaves out the parts of a check that a test is not about: they hold."""

    def leave_out(*parts: str) -> None:
        for part in parts:
            monkeypatch.setattr(check, part, lambda *_: True)

    return leave_out


def test_a_good_page_holds(checked, capfd):
    assert checked() == (True, ["numbers/big", "numbers/card"])
    said = capfd.readouterr().out
    assert "docs/numbers/why.md: 0 problems\n" in said
    assert said.count("1 passed") == 2


def test_of_the_other_pages_only_the_home_page_is_built(checked, draft, without):
    without("_claims", "_programs")
    assert checked()[0]
    site = draft.tree.build / "look"
    assert "<h2" in (site / "numbers" / "why" / "index.html").read_text()
    assert "<h1" in (site / "index.html").read_text()
    assert not (site / "numbers" / "index.html").exists()


def test_a_claim_that_is_false_is_told(checked, draft, capfd, without):
    without("_look")
    draft.write(CLAIMS, "def test_it():\n    assert 4095 + 1 == 4097\n")
    assert not checked()[0]
    assert "4095 + 1" in capfd.readouterr().out


def test_a_page_that_looks_wrong_is_told(checked, draft, capfd, without):
    without("_claims")
    draft.write("tests/browser/test_pages.py", LOOK.replace("Because", "Although"))
    assert not checked()[0]
    assert "Although" in capfd.readouterr().out


def test_a_program_that_prints_something_else_is_told(checked, monkeypatch, without):
    without("_look", "_claims")

    class Failed:
        problems = [Problem("snippets/numbers/big.py", 0, "prints 3", "record it")]

    monkeypatch.setattr(check, "run", lambda *_: [Failed])
    assert not checked()[0]


def test_problems_of_the_page_and_its_programs_are_told_and_others_counted(
    checked, draft, capfd, without
):
    without("_look", "_claims")
    draft.add("[a](gone.md)\n")
    assert checked()[0]
    assert "why.md: 0 problems, 1 elsewhere" in capfd.readouterr().out
    draft.add("[a](lost.md)\n", "numbers/why.md")
    draft.snippet("numbers/big", "import helper\nprint(4095 + 1)\n", "4096\n")
    assert not checked()[0]
    said = capfd.readouterr().out
    assert "lost.md" in said and "imports helper" in said and "gone.md" not in said
    assert "why.md: 2 problems, 1 elsewhere" in said


def test_a_walkthrough_whose_code_fails_is_told(checked, draft, capfd, without):
    without("_look")
    draft.write("lab/one.py", "# --8<-- [start:a]\n1 / 0\n# --8<-- [end:a]\n")
    head = '# ---\n# description: "It fails."\n# ---\n\n'
    draft.write("docs/walks/sum.py", f'{head}# %%\n# --8<-- "lab/one.py:a"\n')
    assert not checked("walks/sum")[0]
    assert "lab/one.py:2: ZeroDivisionError" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("numbers/why", "numbers/why.md"),
        ("docs/numbers/why.md", "numbers/why.md"),
        ("numbers", "numbers/index.md"),
        ("index", "index.md"),
    ],
)
def test_a_page_is_found_by_its_name_or_its_path(draft, name, found):
    assert check.find(draft.tree, name).name == found


def test_an_unknown_page_is_named(draft):
    with pytest.raises(Problem, match="there is no page 'numbers/wy'"):
        check.find(draft.tree, "numbers/wy")


def test_a_page_is_looked_at_before_any_walkthrough_is_executed(draft, monkeypatch):
    draft.write("docs/walks/sum.py", '# ---\n# description: "x"\n# ---\n\n# %%\n1\n')
    monkeypatch.setattr(test_text, "HERE", draft.tree)
    assert list(test_text.printed()) == []


def test_the_exercises_of_a_page_are_tested(draft, capfd):
    lines = "    assert (name, 'is right') == (name, 'is right' * ('count' in name))"
    names = ["numbers/count-1", "numbers/other-1"]
    text = f"import pytest\n\n@pytest.mark.parametrize('name', {names})\n"
    draft.write("tests/practise/test_it.py", f"{text}def test_it(name):\n{lines}\n")
    draft.write(CLAIMS, "def test_claim():\n    pass\n")
    page = check.find(draft.tree, "numbers/why")
    assert check._claims(page, {"numbers/why", "numbers/count_solution"})
    assert "its claims: 2 passed" in capfd.readouterr().out
    assert not check._claims(page, {"numbers/other_solution"})
    assert "is right" in capfd.readouterr().out
    (draft.tree.root / CLAIMS).unlink()
    assert check._claims(page, {"numbers/count_solution"})
    said = capfd.readouterr().out
    assert "there is no tests/claims" in said and "its claims: 1 passed" in said


CLAIM = """\
import sys

from tests import forked

torch_was_there = "torch" in sys.modules


def test_both_have_torch():
    program = "import sys; print('torch' in sys.modules, sys.argv)"
    assert forked.run(program).stdout == "True ['-c']\\n"
    assert torch_was_there and forked.start.cache_info().misses == 0


def test_false():
    assert 1 == 2, "told"
"""


def test_claims_and_what_they_run_share_one_import_of_torch(tmp_path, monkeypatch):
    monkeypatch.setenv("FORKS", forked.shared or forked.start())
    file = tmp_path / "test_claim.py"
    file.write_text(CLAIM)
    command = [sys.executable, "-m", "tests.with_torch", str(file), "-k"]
    ask = {"cwd": HERE.root, "capture_output": True, "text": True}
    ran = subprocess.run([*command, "torch"], **ask)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert "1 passed, 1 deselected" in ran.stdout
    ran = subprocess.run([*command, "false"], **ask)
    assert ran.returncode == 1 and "AssertionError: told" in ran.stdout
