"""That a run after a change makes and refuses what a run that knows nothing does."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.core import memory, records
from harness.core.memory import Memory
from harness.core.problem import Problem
from harness.core.tree import HERE, Tree
from harness.gate import gate
from harness.notebooks import walkthrough
from tests.conftest import Draft

MADE = ("build", "overrides", "docs/assets/figures", "docs/assets/search")
SOURCE = """\
- url: https://example.org/history
  title: History
  read: "2026-11-23"
  holds: ["2016-09-01"]
"""
SOLUTION = """\
# Your code:
# total = ...
total = 5
# Check:
assert total == 5, "total is not 5"
print("Right: it is five.")
"""
WALK = '# ---\n# description: "A lesson."\n# ---\n\n# %% [markdown]\n# # Cells\n\n'
WALK += '# %%\n# --8<-- "lab/one.py:a"\n'


def whole(root: Path) -> Draft:
    """A project that has one of all that the gate reads."""
    draft = Draft(root)
    draft.snippet("numbers/five_solution", SOLUTION, "Right: it is five.\n")
    practise = '\n## Practise\n\n### Five\n\n--8<-- "numbers/five.md"\n\n'
    shown = f'{practise}??? note "One"\n\n    --8<-- "numbers/five_solution.md"\n'
    tied = "It came in 2016, [they say](https://example.org/history).\n\nIt holds "
    tied += '4095{=recorded/step.json: "n": #}, see [sums](#small).\n'
    draft.add(f'{tied}\n--8<-- "report/waivers.md"\n{shown}')
    draft.write(
        "tests/practise/numbers.yml", "five: [{wrong: 1}, {wrong: 2}, {wrong: 3}]\n"
    )
    draft.write("recorded/sources.yml", SOURCE)
    draft.write("recorded/step.json", '{"n": 4095}\n')
    draft.write("recorded/waivers.yml", "- {promise: a, instead: b, reason: c}\n")
    draft.write("docs/assets/plain.css", "p { color: red }\n")
    draft.write("lab/one.py", "# --8<-- [start:a]\nprint(1)\n# --8<-- [end:a]\n")
    draft.write("docs/walks/sum.py", WALK)
    nav = (root / "mkdocs.yml").read_text()
    nav = nav.replace("  - Why", "  - Walk: walks/sum.ipynb\n  - Why")
    draft.write("mkdocs.yml", nav)
    draft.write("README.md", Draft.README)
    draft.write("Makefile", "TORCH = torch==2.13.0\n")
    return draft


def outcome(root: Path) -> tuple[list[str], dict[str, bytes]]:
    """What the gate refuses, and all that it wrote: nothing where it broke off.

    While it refuses something, the index of the last good run stays as it is.
    """
    try:
        said = sorted(map(str, gate.run(Tree(root)).problems))
    except Problem as error:
        return [str(error).replace(str(root), "")], {}
    made = {}
    for folder in MADE[: 3 if said else 4]:
        for file in (root / folder).rglob("*"):
            if file.is_file() and file.name != memory.FILE:
                made[file.relative_to(root).as_posix()] = file.read_bytes()
    return said, made


def cold(root: Path) -> tuple[list[str], dict[str, bytes]]:
    """The same of a copy that knows nothing of any run."""
    copy = root.with_name(f"{root.name}-cold")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy)
    for folder in MADE:
        shutil.rmtree(copy / folder, ignore_errors=True)
    return outcome(copy)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """One that holds, with what a run remembers of it."""
    root = tmp_path_factory.mktemp("memory") / "project"
    draft = whole(root)
    assert outcome(root)[0] == []
    return draft


@pytest.fixture
def changed(project, tmp_path):
    shutil.copytree(project.tree.root, root := tmp_path / "changed")
    one = Draft.__new__(Draft)
    one.tree = Tree(root)
    return one


def replace(path: str, old: str, new: str):
    def change(draft: Draft) -> None:
        file = draft.tree.root / path
        assert old in (text := file.read_text(encoding="utf-8"))
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def remove(path: str):
    return lambda draft: (draft.tree.root / path).unlink()


def add(path: str, text: str):
    return lambda draft: draft.write(path, text)


def again(name: str, source: str, out: str):
    return lambda draft: draft.snippet(name, source, out)


CHANGES = {
    "a word": replace("docs/index.md", "Add two", "Add just two"),
    "a heading": replace("docs/numbers/why.md", "## Because", "## Since"),
    "a title": replace("docs/numbers/why.md", "# Why", "# Wherefore"),
    "a description": replace("docs/index.md", "description: A", "description: One"),
    "an include": replace("docs/numbers/why.md", "card.md", "cord.md"),
    "a tie": replace("docs/numbers/why.md", "4096{=}", "4097{=}"),
    "a page": remove("docs/numbers/why.md"),
    "a new page": add("docs/numbers/new.md", "# New\n"),
    "a page without UTF-8": lambda d: (d.tree.docs / "index.md").write_bytes(b"\xff"),
    "a program": replace("snippets/numbers/sum.py", "2 + 2", "1 + 3"),
    "a program and its record": again("numbers/sum", "print(2 + 3)\n", "5\n"),
    "no Python": replace("snippets/numbers/sum.py", "print(", "print(("),
    "a directive": replace("snippets/numbers/sum.py", "print", "# raise: E\nprint"),
    "a figure's words": replace("snippets/numbers/drawn.py", "A dot", "One dot"),
    "no program": remove("snippets/numbers/sum.py"),
    "a new program": again("numbers/new", "print(1)\n", "1\n"),
    "an output": replace("snippets/numbers/sum.out", "4", "5"),
    "no output": remove("snippets/numbers/sum.out"),
    "another output": add("snippets/numbers/sum.newest.out", "5\n"),
    "a picture": replace("snippets/numbers/drawn.svg", "1f2328", "ff0000"),
    "no picture": remove("snippets/numbers/drawn.svg"),
    "what was plotted": add("recorded/figures/numbers/drawn.json", '{"a": 1}'),
    "a record": replace("recorded/runs/cpu/numbers/sum.json", "2.13.0", "2.12.0"),
    "a broken record": add("recorded/runs/cpu/numbers/sum.json", "[]"),
    "an empty record": add("recorded/runs/cpu/numbers/sum.json", ""),
    "no record": remove("recorded/runs/cpu/numbers/sum.json"),
    "a record of another lane": add("recorded/runs/newest/numbers/sum.json", "{}"),
    "a source": replace("recorded/sources.yml", "2016", "2017"),
    "no sources": remove("recorded/sources.yml"),
    "a table's data": replace("recorded/waivers.yml", "promise: a", "promise: z"),
    "broken data": add("recorded/waivers.yml", "- {promise: a}\n"),
    "a tied file": replace("recorded/step.json", "4095", "4094"),
    "wrong answers": replace("tests/practise/numbers.yml", ", {wrong: 3}", ""),
    "a lesson's words": replace("docs/walks/sum.py", "# # Cells", "# # More cells"),
    "what a lesson includes": replace("lab/one.py", "start:a", "start:b"),
    "no asset": remove("docs/assets/plain.css"),
    "an asset that nothing reads": add("docs/assets/a.exe", ""),
    "a stray notebook": add("docs/walks/other.ipynb", "{}"),
    "the nav": replace("mkdocs.yml", "  - Why", "  - Where"),
    "the site": replace("mkdocs.yml", "site_name: Small", "site_name: Smaller"),
    "an extension": replace("mkdocs.yml", "  - attr_list\n", ""),
    "the README": replace("README.md", "print(2 + 2)", "print(2 + 1)"),
    "no README": remove("README.md"),
    "a pin": replace("Makefile", "2.13.0", "2.12.0"),
    "a fragment": replace("build/fragments/numbers/sum.md", "2 + 2", "2 + 7"),
    "no fragment": remove("build/fragments/numbers/sum.md"),
    "a made picture": remove("docs/assets/figures/numbers/drawn.dark.svg"),
    "a made page": remove("build/pages/index.md"),
    "a file too many": add("build/fragments/numbers/gone.md", "old"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_after_a_change_all_is_as_a_first_run_makes_it(changed, kind):
    root = changed.tree.root
    CHANGES[kind](changed)
    first = cold(root)
    assert outcome(root) == first
    assert outcome(root) == first  # of what that run remembered, too


@pytest.mark.parametrize("seed", range(2))
def test_so_it_is_after_any_changes_in_a_row(changed, seed):
    root, dice = changed.tree.root, random.Random(seed)
    for _ in range(5):
        files = [f for f in root.rglob("*") if f.is_file() and f.name != memory.FILE]
        file = dice.choice(sorted(files))
        data = bytearray(file.read_bytes())
        match dice.choice("change change cut remove copy".split()):
            case "change" if data:
                data[dice.randrange(len(data))] = dice.choice(b"a1 #\n")
                file.write_bytes(data)
            case "cut":
                file.write_bytes(data[: len(data) // 2])
            case "remove":
                file.unlink()
            case "copy":
                file.with_stem(f"{file.stem}x").write_bytes(data)
        if (root / "mkdocs.yml").exists():
            assert outcome(root) == cold(root), file


def made(root: Path, **patched) -> list[str]:
    """The names of the parts that a run makes anew."""
    names, make = [], Memory._made

    def note(self, seen):
        names.append(":".join(map(str, seen[1:])).removeprefix("harness."))
        return make(self, seen)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Memory, "_made", note)
        for name, value in patched.items():
            patch.setattr(memory, name, value)
        gate.run(Tree(root))
    return names


def test_only_what_a_change_touches_is_made_again(changed):
    root = changed.tree.root
    assert made(root) == []
    replace("docs/numbers/why.md", "It needs", "It really needs")(changed)
    names = made(root)
    assert "gate.parts.html:numbers/why.md" in names
    assert not [name for name in names if "index.md" in name or "program" in name]
    assert made(root) == []


def test_other_code_packages_or_variables_begin_anew(changed, monkeypatch):
    root, old = changed.tree.root, {"CODE": lambda: "old", "_code": lambda: "old"}
    every = len(made(root, **old))
    assert every > 50 and made(root, **old) == []
    assert len(made(root)) == every  # the old code's is of no use
    monkeypatch.setenv("SITE_URL", "https://example.org/")
    assert len(made(root)) == every
    text = (root / "build/markdown/index.md").read_text()
    assert "https://example.org/" in text


def test_the_code_is_told_by_its_files_packages_and_python(tmp_path, monkeypatch):
    known = memory._code()
    assert memory._code() == known
    (tmp_path / "torch-9.9.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert memory._code() != (other := known)
    monkeypatch.setattr(sys, "version", "3.99")
    assert memory._code() != other
    monkeypatch.undo()
    (tmp_path / "harness").mkdir()
    monkeypatch.setattr(memory, "HERE", Tree(tmp_path))
    nothing = memory._code()
    (tmp_path / "harness/a.md.jinja").write_text("x")
    assert memory._code() not in (known, nothing)


@pytest.mark.parametrize("how", ["half", "flipped", "foreign", "empty", "folder"])
def test_what_is_not_whole_or_not_ours_is_not_read(changed, how):
    file = changed.tree.build / memory.FILE
    data = file.read_bytes()
    other = {"half": data[: len(data) // 2], "foreign": b"x" * 16 + data[16:]}
    other |= {"flipped": data[:-9] + b"\0" + data[-8:], "empty": b""}
    file.unlink()
    file.mkdir() if how == "folder" else file.write_bytes(other[how])
    if how == "folder":
        (file / "a").write_text("")
        assert Memory(changed.tree.root)._before == {}
        return
    assert Memory(changed.tree.root)._before == {}
    assert outcome(changed.tree.root) == cold(changed.tree.root)


def test_two_at_once_leave_what_one_would(changed):
    root = changed.tree.root
    changed.add("Two at once.\n")
    command = [sys.executable, "-m", "harness", "--root", root, "pages"]
    both = [subprocess.Popen(command, cwd=HERE.root, stdout=-3) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert outcome(root) == cold(root)


def test_a_file_that_changes_while_it_is_read_is_read_again(changed):
    root, one = changed.tree.root, walkthrough.INCLUDED
    tree = Memory(root)
    before = tree.known(one, "index.md")
    changed.add('--8<-- "numbers/big.md"\n')
    tree.keep(True)
    assert Memory(root).known(one, "index.md") != before


def test_what_could_not_be_made_is_tried_again(changed):
    root = changed.tree.root
    file = root / "recorded/waivers.yml"
    good = file.read_text()
    file.write_text("- {promise: a}\n")
    with pytest.raises(Problem):
        gate.run(Tree(root))
    file.write_text(good)
    assert outcome(root) == cold(root)


def test_nothing_is_seen_but_through_the_tree(project, tmp_path, monkeypatch):
    shutil.copytree(project.tree.root, root := tmp_path / "seen")
    (root / "build" / memory.FILE).unlink()
    unseen, noted = looks(root, monkeypatch)
    assert not unseen and noted > 200


def looks(root: Path, monkeypatch) -> tuple[set, int]:
    """What parts open, ask for or list of a project, and have not noted."""
    opened, inside = set(), []
    make, look = Memory._made, Memory._look

    def watch(event: str, given: tuple) -> None:
        if event in ("open", "os.listdir", "os.scandir", "glob.glob") and inside:
            note(given[0])

    def note(path) -> None:
        if isinstance(path, (str, bytes, os.PathLike)):
            path = os.path.normpath(os.fsdecode(path))
            if path.startswith(f"{root}/") and inside:
                opened.add((inside[-1], path.removeprefix(f"{root}/")))

    def making(self, seen):
        inside.append(seen)
        try:
            return make(self, seen)
        finally:
            inside.pop()

    def looking(self, *what):
        kept, inside[:] = inside[:], []
        try:
            return look(self, *what)
        finally:
            inside[:] = kept

    def asked(call):
        return lambda path, *given, **more: (note(path), call(path, *given, **more))[1]

    sys.addaudithook(watch)
    monkeypatch.setattr(Memory, "_made", making)
    monkeypatch.setattr(Memory, "_look", looking)
    for name in ("stat", "lstat", "access", "readlink"):
        monkeypatch.setattr(os, name, asked(getattr(os, name)))
    run = gate.run(Tree(root))
    monkeypatch.undo()
    noted = {
        (seen, what[1])
        for seen, (facts, *_) in run.tree._parts.items()
        for what, _ in facts
    }
    above = {(seen, folder) for seen, path in noted for folder in parents(str(path))}
    unseen = opened - noted - above
    return {one for one in unseen if not one[1].endswith(records.PART)}, len(noted)


def parents(path: str) -> list[str]:
    return [*map(str, Path(path).parents)]
