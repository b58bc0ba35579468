"""Walkthroughs: what is executed, what is refused, and what a reader takes away."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from copy import copy
from pathlib import Path

import jupytext
import nbformat
import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import get_files

from harness.core import exercise, limits
from harness.core.tree import HERE, Tree
from harness.notebooks import execute, make, walkthrough
from harness.serve.preview import Preview
from harness.site import notebooks
from harness.site.markdown import Site
from tests.conftest import without_rules
from tests.harness.test_exercises import PRACTISE, SOLUTION

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module", autouse=True)
def cells_may_ask():
    """Of what is theirs, for tests to see it."""
    with pytest.MonkeyPatch.context() as patch:
        without_rules(patch)
        yield


HEAD = '# ---\n# description: "A small lesson."\n# ---\n\n'
LESSON = """\
# %% [markdown]
# # What is two and two?
#
# See [why](../numbers/why.md#because).

# %%
print(2 + 2)
"""
DRAWN = """\
# %%
# figure: A line that goes up from nought to one
#   and no further.
import matplotlib.pyplot as plt

plt.plot([0, 1])
plt.show()
"""
BOOK = f"""\
{LESSON}
{DRAWN}
# %% [markdown]
# ## `code` here
# Weights: `http://127.0.0.1:8000/w.pt`.

# %% tags=["fold"]
url = "http://127.0.0.1:8000/w.pt"
print("<b>", len(url))
"""


class Lesson:
    """One small walkthrough, to be broken."""

    def __init__(self, root):
        self.tree = Tree(root)
        self.path = root / "docs" / "walks" / "sum.py"
        self.path.parent.mkdir(parents=True)
        self.write(LESSON)

    def write(self, text: str, head: str = HEAD) -> None:
        self.path.write_text(head + text, encoding="utf-8")

    def add(self, name: str, text: str) -> None:
        file = self.tree.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(self, limit: float = 60) -> tuple[list[str], list[str]]:
        """What is refused, and what is said of the others."""
        said: list[str] = []
        return [str(one) for one in make.make(self.tree, limit, said.append)], said

    def refused(self, line: int, words: str, limit: float = 60) -> None:
        """Assert that there is one problem, on that line of the walkthrough."""
        problems, _ = self.run(limit)
        assert len(problems) == 1, problems
        assert problems[0].startswith(f"docs/walks/sum.py:{line}: "), problems
        assert words in problems[0], problems

    @staticmethod
    def line(path: Path, part: str) -> int:
        lines = path.read_text(encoding="utf-8").split("\n")
        return next(n for n, line in enumerate(lines, 1) if part in line)

    def made(self):
        return walkthrough.find(self.tree)[0].executed


@pytest.fixture
def lesson(tmp_path) -> Lesson:
    return Lesson(tmp_path)


def outputs(made) -> str:
    return "".join(
        execute.shown(output)
        for cell in made.cells
        for output in cell.get("outputs", [])
    )


# What is executed --------------------------------------------------------------


NET = """\
import harness


def make():
    # --8<-- [start:two]
    a = 1
    # --8<-- [start:one]
    b = 1 / a
    # --8<-- [end:one]


    # --8<-- [end:two]
"""
SAYS = """
# %%
# --8<-- "lab/train/net.py:two"
print(a, b, "tiny.pt")

# %%
import os

print(os.path.basename(os.getcwd()), os.environ.get("PYTHONPATH"))
print(repr(os.environ["CUDA_VISIBLE_DEVICES"]), "left" in globals())
left = 1
"""


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """A lesson, its notebook as it was made first, and after changes and a new name."""
    lesson = Lesson(tmp_path_factory.mktemp("twice"))
    lesson.add("lab/train/net.py", NET)
    lesson.add("docs/assets/weights/tiny.pt", "1")
    lesson.add("requirements.txt", "1")
    lesson.write(LESSON + SAYS)
    one = walkthrough.find(lesson.tree)[0]
    problems, said = lesson.run()
    assert problems == []
    assert said == [f"{one.shown}: 3 cells in {seconds(lesson)} s"]
    assert lesson.run() == ([], [])
    made = lesson.made()
    keys = {make.key(one, made)}
    for name, text in {
        "lab/train/net.py": NET.replace("a = 1", "a = 4"),
        "docs/assets/weights/tiny.pt": "2",
        "requirements.txt": "2",
    }.items():
        lesson.add(name, text)
        keys.add(make.key(walkthrough.find(lesson.tree)[0], made))
    lesson.add("docs/assets/weights/other.pt", "2")  # of which it knows nothing
    keys.add(make.key(walkthrough.find(lesson.tree)[0], made))
    assert len(keys) == 4
    lesson.path.rename(lesson.path.with_name("other.py"))
    assert lesson.run()[0] == []
    return lesson, made, lesson.made()


def seconds(lesson) -> float:
    return lesson.made().metadata["proven"]["seconds"]


def test_a_lesson_is_executed_once_per_change_of_what_it_is_made_from(twice):
    _, *both = twice
    first, second = map(outputs, both)
    assert first.startswith("4\n1 1.0 tiny.pt\n")
    assert second.startswith("4\n4 0.25 tiny.pt\n")


def test_a_kernel_is_fresh_and_knows_neither_this_project_nor_a_gpu(twice):
    _, *both = twice
    for made in both:
        assert outputs(made).endswith("tiny.pt\nwalks None\n'' False\n")


def test_an_included_section_replaces_its_line_and_keeps_its_own(twice, lesson):
    _, made, _ = twice
    assert made.cells[2].source == 'a = 1\nb = 1 / a\n\n\nprint(a, b, "tiny.pt")'
    lesson.add("lab/train/net.py", NET.replace("a = 1", "a = 0"))
    lesson.write(f"{LESSON}{SAYS}")
    problems, _ = lesson.run()
    assert problems[0].startswith("lab/train/net.py:8: ZeroDivisionError: division")


# What is never removed ------------------------------------------------------------


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Lesson:
    """One lesson, which jupytext wrote, executed once."""
    lesson = Lesson(tmp_path_factory.mktemp("once"))
    made = jupytext.reads(LESSON, fmt="py:percent")
    made.metadata = {"kernelspec": walkthrough.METADATA["kernelspec"]}
    text = jupytext.writes(made, fmt="py:percent")
    assert "jupytext_version: 1." in text
    lesson.write(text.removeprefix("# ---\n"), HEAD.removesuffix("# ---\n\n"))
    assert lesson.run()[0] == []
    return lesson


@pytest.fixture
def known(once, tmp_path) -> Lesson:
    """The same in another folder, where nothing has to be executed again."""
    lesson = copied(once, tmp_path / "known")
    assert lesson.run() == ([], [])
    return lesson


def test_a_notebook_goes_with_its_walkthrough(twice):
    lesson, *_ = twice
    made = lesson.tree.notebooks.rglob("*.ipynb")
    assert [file.name for file in made] == ["other.ipynb"]


READERS = nbformat.writes(
    nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('mine')")])
)


@pytest.mark.parametrize("text", [READERS, "{}", "", '{"cells": 1, "metadata": {}}'])
def test_a_readers_notebook_survives_and_is_refused(walked, text):
    names = ("mine", "walks/deep/mine", "walks/mine", "walks/sum")
    theirs = [walked.write(f"docs/{name}.ipynb", text) for name in names]
    for found in (make.make(walked.tree, say=list), walked.problems()):
        for name, problem in zip(names, sorted(found), strict=True):
            fix = f"jupytext --to py:percent docs/{name}.ipynb"
            if name == "walks/sum":
                fix = f"into docs/{name}.py"
            assert problem.path == f"docs/{name}.ipynb"
            assert "that no walkthrough makes" in problem.what
            assert fix in problem.fix
    assert [file.read_text() for file in theirs] == [text] * len(names)


def test_what_was_made_is_made_again_where_somebody_changed_it(known):
    lesson = known
    made = lesson.made()
    made.cells[1].source += "\nprint('mine')"
    nbformat.write(made, walkthrough.find(lesson.tree)[0].notebook_path)
    assert lesson.run()[0] == []
    assert outputs(lesson.made()) == "4\n"


def test_what_jupyter_keeps_hidden_is_neither_read_nor_removed(known):
    lesson = known
    kept = ["docs/walks/.ipynb_checkpoints/sum-checkpoint.ipynb"]
    kept.append(kept[0].replace(".ipynb", ".py").replace(".py_", ".ipynb_"))
    for name in kept:
        lesson.add(name, "{}")
    assert lesson.run() == ([], [])
    assert [(lesson.tree.root / name).read_text() for name in kept] == ["{}", "{}"]


# What is refused ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "at", "words"),
    [
        ("import harness", "import h", "imports harness, which no reader has"),
        ("x = = 1", "x = =", "this is no Python"),
        ('# --8<-- "gone.py:a"', "gone.py", "there is no gone.py"),
        ('# --8<-- "docs/walks/sum.py"', "8<", "an include in a form that is not"),
        ("x = 1\n'a\tb'", "a\tb", "a tab, for which a page shows spaces"),
        (
            '# --8<-- "docs/walks/sum.py:a"',
            "sum.py:a",
            "docs/walks/sum.py has no section 'a'",
        ),
        ("# %% [markdown]\n# !!! note", "!!!", "shows '!!! note' as it is typed"),
        ("# %% [markdown]\n# ```python\n# x\n# ```", "```python", "that nobody runs"),
        ("# %% [markdown]\ntyped", "typed", "text that does not begin with '#'"),
        ('# %% [markdown]\n"""\n12.5 s\n"""', '"""', "text that does not begin"),
        *(
            (f"# %%{kind}\nprint(2)", f"# %%{kind}", "a kind that nobody checks")
            for kind in (
                ' tags=["skip-execution"]',
                ' tags=["raises-exception"]',
                ' tags=["fold", "skip-execution"]',
                " [raw]",
                " [md]",
                " a title",
                "time",
            )
        ),
    ],
    ids=lambda value: value.split("\n")[0][:20],
)
def test_a_cell_that_no_page_can_show_is_refused_at_its_line(lesson, cell, at, words):
    cell = cell if cell.startswith("# %%") else f"# %%\n{cell}"
    lesson.write(f"{LESSON}\n{cell}\n")
    problems, _ = lesson.run()
    assert problems, "it is accepted"
    where = f"docs/walks/sum.py:{lesson.line(lesson.path, at)}: "
    assert problems[0].startswith(where), (where, problems)
    assert re.search(words, problems[0]), problems
    assert not lesson.made()


# Each in a lesson of its own, as it ends the execution.
FAILS = {
    "divides": ("x = 1\n\n1 / 0", "1 / 0", "ZeroDivisionError: division by zero"),
    "dies": ("import os\nos._exit(3)", "import os", "the kernel died in this cell"),
    "names": ("def f():\n    return y\n\n\nf()  # here", "here", "NameError: name 'y'"),
}
# Together in one lesson.
SHOWS = {
    "warns": (
        "import warnings\nwarnings.warn('loud')",
        "import w",
        "stderr: .* UserWarning: loud",
    ),
    "writes": ("import sys\nprint(1, file=sys.stderr)", "import sys", "stderr: 1"),
    "address": ("print(2)\nobject()", "print(2)", "prints 'at 0x"),
    "no words": (
        DRAWN.replace("# figure:", "#"),
        "# A line",
        "a picture without words",
    ),
    "no picture": (
        "# figure: There is nothing to see here\nx = 1",
        "x = 1",
        "draws no picture",
    ),
    "png": (
        "from PIL import Image\nImage.new('L', (2, 2))",
        "from PIL",
        "shows image/png",
    ),
}


@pytest.fixture(scope="module")
def executions(tmp_path_factory):
    """What is said of lessons that are refused when they are executed."""
    lesson = Lesson(tmp_path_factory.mktemp("executions"))
    together = [cell.removeprefix("# %%\n") for cell, *_ in SHOWS.values()]
    lesson.write("\n".join([LESSON, *(f"# %%\n{cell}\n" for cell in together)]))
    for name, (cell, *_) in FAILS.items():
        lesson.add(f"docs/walks/{name}.py", f"{HEAD}{LESSON}\n# %%\n{cell}\n")
    return lesson, lesson.run()


def place(lesson: Lesson, name: str) -> str:
    """Where a case must be told."""
    path = lesson.path.with_stem(name) if name in FAILS else lesson.path
    _, at, _ = {**FAILS, **SHOWS}[name]
    return f"docs/walks/{path.name}:{lesson.line(path, at)}"


@pytest.mark.parametrize("name", [*FAILS, *SHOWS])
def test_a_cell_that_shows_what_no_page_can_is_refused_at_its_line(executions, name):
    lesson, (problems, _) = executions
    *_, words = {**FAILS, **SHOWS}[name]
    where = f"{place(lesson, name)}: "
    said = [one for one in problems if one.startswith(where)]
    assert sum(bool(re.search(words, one)) for one in said) == 1, problems


def test_lessons_that_are_refused_leave_no_notebook(executions):
    lesson, (problems, said) = executions
    places = {place(lesson, name) for name in (*FAILS, *SHOWS)}
    assert {one.partition(": ")[0] for one in problems} <= places
    assert said == [] and not list(lesson.tree.notebooks.rglob("*"))


def test_a_cell_that_takes_too_long_is_refused(lesson):
    lesson.write(f"{LESSON}\n# %%\nimport time\n\ntime.sleep(60)\n")
    at = lesson.line(lesson.path, "import time")
    lesson.refused(at, "takes longer than 2 s", limit=2)


def kernels(parent: int) -> list[str]:
    """The processes below one whose cell has made itself nicer."""
    rows = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            rows += [stat.parent.name] * (fields[1:17:15] == [str(parent), "7"])
    return rows


# A hook of Python in the kernel sees nothing of what a cell starts.
STARTS = """
# %%
import socket
import subprocess
import sys

socket.create_server(("127.0.0.1", 0)).close()
call = "import socket; socket.create_connection(('127.0.0.1', {port}))"
for command in (
    ["touch", "{outside}"],
    ["touch", "/dev/shm/{name}"],
    [sys.executable, "-c", call],
):
    print(subprocess.run(command, stderr=subprocess.DEVNULL).returncode)
"""


def permitted(guard: str) -> bool:
    """Whether a process that has threads, as a kernel has, may guard itself so."""
    code = f"""if True:
        import threading
        from pathlib import Path
        from harness.run import guards
        threading.Thread(target=threading.Event().wait, daemon=True).start()
        raise SystemExit(not guards.{guard})"""
    return not subprocess.run([sys.executable, "-c", code], cwd=HERE.root).returncode


def test_what_a_cell_starts_leaves_no_file_and_reaches_no_server(lesson):
    name = f"cell-{os.getpid()}"
    outside, shared = lesson.tree.root / name, Path("/dev/shm", name)
    with socket.create_server(("127.0.0.1", 0)) as server:
        facts = {"outside": outside, "name": name, "port": server.getsockname()[1]}
        lesson.write(LESSON + STARTS.format(**facts))
        problems, _ = lesson.run()
        server.settimeout(0.1)
        with suppress(TimeoutError):
            server.accept()[0].close()
            assert not permitted("cut_network()")
    if permitted("allow_writes([])"):
        assert not outside.exists()
    if permitted("own_memory(Path('/'), Path('/'))"):
        assert not shared.exists()
        (problem,) = problems
        at = lesson.line(lesson.path, "import socket")
        assert problem.startswith(f"docs/walks/sum.py:{at}: leaves {shared}")
    shared.unlink(missing_ok=True)


def test_ctrl_c_leaves_no_kernel(lesson):
    lesson.write("# %%\nimport os, time\n\nos.nice(7)\ntime.sleep(600)\n")
    command = [sys.executable, "-m", "harness", "--root", lesson.tree.root, "notebooks"]
    asked = subprocess.Popen(command, cwd=HERE.root, stderr=subprocess.PIPE)
    wait_for(lambda: kernels(asked.pid))
    (kernel,) = kernels(asked.pid)
    asked.send_signal(signal.SIGINT)
    assert asked.communicate(timeout=60)[1].startswith(b"stopped\n")
    assert asked.returncode == 128 + signal.SIGINT
    wait_for(lambda: not Path("/proc", kernel).exists())


def wait_for(event, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not event():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_lesson_without_outputs_is_refused(lesson, monkeypatch):
    monkeypatch.setattr(execute, "_run", lambda *_: None)  # as if its cell had run
    lesson.write("# %%\nx = 1\n")
    problems, _ = lesson.run()
    assert problems[0].startswith("docs/walks/sum.py: no cell prints or draws"), (
        problems
    )


def test_a_line_in_no_cell_is_refused(lesson):
    lesson.write("x = 1\n# %%\nprint(x)\n")
    lesson.refused(4 + 1, "a line that is in no cell")


def test_a_key_that_nobody_reads_is_refused(lesson):
    lesson.write(LESSON, HEAD.replace("# ---\n\n", "# accelerator: GPU\n# ---\n\n"))
    lesson.refused(1, "nobody reads 'accelerator' in the front matter")


TIES = """\
# The sum is 4{=} of 2{=print(# +}, not 4096{=numbers/big}.
# It is 5{=}.
# It adds 3{=print(# +}.
# It is 128.
"""


def test_the_numbers_of_a_lesson_are_tied_to_its_cells(walk):
    lesson = walk.write("docs/walks/sum.py", f"{HEAD}{LESSON}\n# %% [markdown]\n{TIES}")
    assert make.make(walk.tree) == []
    first = Lesson.line(lesson, "The sum is 4{=}")
    assert [(one.line - first, one.what) for one in walk.problems()] == [
        (1, "'5' does not stand in the cells"),
        (2, "'3' does not stand in the cells, but '2' does"),
        (3, "nothing is tied to '128', and no source holds it"),
    ]
    made = notebooks.readable(walkthrough.find(walk.tree)[0], Site(walk.tree))
    assert "The sum is 4 of 2, not 4096." in made


def test_an_exercise_ends_the_page_and_the_notebook(walk):
    """In the kernel of the walkthrough it does not run: its check would say no."""
    walk.snippet("numbers/count_solution", SOLUTION, "Right: 1\n")
    walk.write("tests/practise/numbers.yml", "count: [wrong, wrong, wrong]\n")
    lines = PRACTISE.replace("numbers/index.md", "../index.md").split("\n")
    cell = "\n".join(f"# {line}".rstrip() for line in ("%% [markdown]", *lines))
    walk.write("docs/walks/sum.py", f"{HEAD}{LESSON}\n{cell}")
    assert make.make(walk.tree) == [] == walk.problems()
    begun, copy = exercise.start(SOLUTION), walk.made("markdown/walks/sum.md")
    assert (copy.count(begun), copy.count(SOLUTION)) == (1, 1)
    assert SOLUTION in walk.made("pages/walks/sum.md")
    assert walk.made("programs/numbers/count.py").startswith(begun)
    listed = "[Count up](../walks/sum.ipynb#count-up)"
    assert listed in walk.made("fragments/report/exercises.md")
    (one,) = walkthrough.find(walk.tree)
    given = notebooks.download(one, one.executed, "https://example.org/")
    task, program, rest = given.cells[-3:]
    assert task.source.endswith("### Count up\n\nWords that are not counted.")
    assert program.source == begun.rstrip("\n") and not program.outputs
    assert program.metadata.tags == ["exercise", "raises-exception"]
    there = "[Hints and a solution](https://example.org/walks/sum/#practise)"
    assert rest.source.startswith(f"{there}\n\nNext: [numbers](https://example.org/)")


def test_all_that_is_wrong_is_said_at_once(lesson):
    lesson.write(
        '# %% [raw]\n# x\n# %%\nimport tests, lab\n# %%\n# --8<-- "gone.py:a"\n'
        "# %%\nx = = 1\n# %% [markdown]\n# !!! note\n# ???",
        HEAD.replace("description", "other"),
    )
    said = "\n".join(lesson.run()[0])
    for words in ("nobody checks", "imports tests", "imports lab", "no gone.py"):
        assert words in said
    for words in ("no Python", "'!!! note'", "'???'", "no description"):
        assert words in said


# The gate -----------------------------------------------------------------------


@pytest.fixture
def walk(draft):
    """A project that the gate lets pass, with a walkthrough in its nav."""
    config = draft.tree.root / "mkdocs.yml"
    text = config.read_text()
    config.write_text(text.replace("nav:\n", "nav:\n  - Walk: walks/sum.ipynb\n"))
    draft.write("docs/walks/sum.py", HEAD + BOOK)
    return draft


def take(walk, executed: Tree) -> None:
    """Its notebook from the other project, where it was executed."""
    shutil.copytree(executed.notebooks, walk.tree.notebooks)
    said = []
    assert (make.make(walk.tree, say=said.append), said) == ([], [])


@pytest.fixture
def walked(walk, book):
    """The same project, its walkthrough executed."""
    take(walk, book.tree)
    return walk


def test_a_link_to_a_notebook_may_come_before_the_notebook(walk):
    walk.add("See [the sum](../walks/sum.ipynb).", "numbers/why.md")
    assert walk.problems() == []
    assert walk.census()["walkthroughs"] == {"walks/sum.ipynb": False}


def test_the_gate_reads_a_walkthrough_as_a_page(walk, book):
    assert walk.problems() == []
    take(walk, book.tree)
    walk.add("See [the sum](../walks/sum.ipynb#what-is-two-and-two).", "numbers/why.md")
    assert walk.problems() == []
    text = walk.made("markdown/walks/sum.md")
    assert text.startswith("# What is two and two?\n")
    assert '```python\nprint(2 + 2)\n```\n\n```text title="Output"\n4\n```\n' in text
    assert "[why](../../numbers/why/index.md#because)" in text
    assert "[Picture: A line that goes up from nought to one and no further.]" in text
    assert "(../../walks/sum/index.md#what" in walk.made("markdown/numbers/why.md")
    assert walk.census()["walkthroughs"] == {"walks/sum.ipynb": True}
    stamp = (walk.tree.stamps / "walks/sum/index.md.html").read_text()
    assert stamp.startswith("Ran from top to bottom with torch 2.")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("#because", "#gone", "numbers/why.md has no '#gone'"),
        ("numbers/why.md", "numbers/gone.md", "there is no docs/numbers/gone.md"),
        ("See", "It took 12.5 s. See", "tied to '12.5 s'"),
        ('description: "A small lesson."', "x: 1", "front matter has no description"),
    ],
)
def test_a_walkthrough_is_refused_for_what_a_page_is(walked, old, new, words):
    file = walked.tree.docs / "walks" / "sum.py"
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
    line = next(
        n for n, row in enumerate(file.read_text().split("\n"), 1) if new in row
    )
    where = "1" if "front matter" in words else str(line)
    walked.refused(f"docs/walks/sum.py:{where}", words)


def test_text_that_looks_like_an_output_is_refused(walk):
    code = "    2 + 2 = 5"
    text = f"{HEAD}{LESSON}".replace("# See", f"# {code}\n#\n# See")
    lesson = walk.write("docs/walks/sum.py", f"{text}\n{DRAWN}")
    assert f"# {code}\n" in lesson.read_text()
    line = text[: text.index(code)].count("\n") + 1
    walk.refused(f"docs/walks/sum.py:{line}", "code that is no fence: '2 + 2 = 5'")


def test_a_header_of_jupytext_is_no_prose(walk, once):
    text = once.path.read_text()
    lesson = walk.write("docs/walks/sum.py", text)
    take(walk, once.tree)
    assert walk.problems() == []
    lesson.write_text(text.replace("lesson.", "lesson of 12.5 s."))
    walk.refused("docs/walks/sum.py:2", "tied to '12.5 s'")


def test_a_walkthrough_that_the_nav_lacks_is_refused(walk):
    config = walk.tree.root / "mkdocs.yml"
    config.write_text(config.read_text().replace("  - Walk: walks/sum.ipynb\n", ""))
    walk.refused("docs/walks/sum.py", "the nav does not name this page")


def test_an_anchor_that_a_walkthrough_lacks_is_refused(walk):
    line = walk.add("See [the sum](../walks/sum.ipynb#gone).", "numbers/why.md")
    walk.refused(f"docs/numbers/why.md:{line}", "walks/sum.ipynb has no '#gone'")


# Those of this site ------------------------------------------------------------

OURS = walkthrough.find(HERE)


@pytest.mark.parametrize("one", OURS, ids=lambda one: one.path.stem)
def test_a_walkthrough_opens_with_its_result(one):
    top, *rest = one.cells
    assert top.kind == walkthrough.PROSE
    assert len(top.source.split()) <= 80
    (result,) = (cell for cell in rest if cell.kind == walkthrough.RESULT)
    assert len(result.words) >= limits.ALT  # of what it draws


@pytest.mark.parametrize("one", OURS, ids=lambda one: one.path.stem)
def test_what_a_walkthrough_shows_unfolded_is_short(one):
    shown = [cell for cell in one.cells if cell.kind == walkthrough.CODE]
    long = [c.source for c in shown if c.source.count("\n") + 1 > limits.UNFOLDED]
    assert shown and not long


# What a reader takes away -------------------------------------------------------


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Lesson:
    """A small site with a walkthrough, executed once."""
    lesson = Lesson(tmp_path_factory.mktemp("book"))
    lesson.add(
        "docs/numbers/why.md", "# Why\n\n## Because\n\n[Sum](../walks/sum.ipynb)"
    )
    lesson.add("mkdocs.yml", MKDOCS)
    lesson.write(BOOK)
    assert lesson.run()[0] == []
    return lesson


def copied(book: Lesson, root: Path) -> Lesson:
    """The same in another folder, to be broken."""
    shutil.copytree(book.tree.root, root)
    lesson = copy(book)
    lesson.tree, lesson.path = Tree(root), root / "docs" / "walks" / "sum.py"
    return lesson


# `python -m mkdocs` for each argument, in a fork: what it imports is slow to import.
BUILD = """\
import json, os, sys
import material, mkdocs_jupyter.plugin, nbconvert
from mkdocs.__main__ import cli

for site, env in json.loads(sys.argv[1]):
    if os.fork() == 0:
        said = os.open(f"{site}/said", os.O_WRONLY | os.O_CREAT)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.environ.update(env)
        cli(["build", "--strict", "-f", f"{site}/mkdocs.yml"])
    with open(f"{site}/code", "w") as code:
        code.write(str(os.waitstatus_to_exitcode(os.wait()[1])))
"""
ENVIRONMENTS = {
    "plain": {},
    "elsewhere": {
        "SITE_URL": "https://example.org/book/",
        "REPO_URL": "https://github.com/someone/book",
    },
}


@pytest.fixture(scope="module")
def sites(book, tmp_path_factory):
    """That site in two environments, and with three faults, built in folders."""
    root = tmp_path_factory.mktemp("sites")
    for name in ENVIRONMENTS:
        copied(book, root / name)
    walkthrough.find(copied(book, root / "pending").tree)[0].notebook_path.unlink()
    faulty = copied(book, root / "faulty")
    faulty.add("docs/walks/mine.ipynb", READERS)
    notebook = walkthrough.find(faulty.tree)[0].notebook_path
    made = json.loads(notebook.read_text())
    made["cells"][0]["source"] = ["# Sum\n", "\n", "[gone](../gone.md)"]
    notebook.write_text(json.dumps(made))
    asked = [
        (str(folder), ENVIRONMENTS.get(folder.name, {})) for folder in root.iterdir()
    ]
    done = subprocess.run(
        [sys.executable, "-c", BUILD, json.dumps(asked)],
        cwd=HERE.root,
        env={"NO_MKDOCS_2_WARNING": "1", "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def built(sites):
    """The folder of a site that must have been built, by its environment."""

    def folder(name: str) -> Path:
        code, said = ((sites / name / what).read_text() for what in ("code", "said"))
        assert code == "0", said
        return sites / name / "site"

    return folder


@pytest.fixture
def refused(sites):
    """Why a site was not built, each fault of which counts."""

    def reason(name: str) -> str:
        assert (sites / name / "code").read_text() == "1"
        said = (sites / name / "said").read_text()
        faults = said.count("WARNING -")
        assert f"Aborted with {faults} warnings in strict mode" in said
        return said

    return reason


# As all pages of this site are rendered.
EXTENSIONS = HERE.root.joinpath("mkdocs.yml").read_text(encoding="utf-8")
EXTENSIONS = EXTENSIONS.partition("markdown_extensions:\n")[2].partition("\n\n#")[0]
EXTENSIONS = re.sub(r"\n  - pymdownx.snippets:\n(?:   .*\n)+", "\n", EXTENSIONS)
MKDOCS = f"""\
site_name: Small
site_url: !ENV [SITE_URL, "http://127.0.0.1:8000/"]
repo_url: !ENV [REPO_URL, ""]
theme: {{name: material, font: false}}
plugins:
  - mkdocs-jupyter:
      include: ["*.ipynb"]
      execute: false
      allow_errors: false
      ignore_h1_titles: true
      cache: false
hooks: [{HERE.root}/harness/site/hook.py]
exclude_docs: "*.py"
nav:
  - Sum: walks/sum.ipynb
  - Why: numbers/why.md
validation: {{links: {{anchors: warn}}}}
markdown_extensions:
{EXTENSIONS}
"""


def test_a_page_is_light_and_shows_what_ran(built):
    site = built("plain")
    html = (site / "walks/sum/index.html").read_text()
    assert '<meta name="description" content="A small lesson.">' in html
    assert "jp-" not in html
    assert 'href="sum.ipynb"' in html
    assert "<clipboard-copy" not in html
    assert '<a href="#cell.out">Output</a></span>' in html
    assert "&lt;b&gt; 26" in html
    assert '<h2 id="code-here">' in html
    assert html.index("&lt;b&gt; 26") < html.index("<details") < html.index("len(url")
    assert (
        html.count('alt="A line that goes up from nought to one and no further."') == 2
    )
    light = (site / "walks/sum/picture-1.light.svg").read_text()
    dark = (site / "walks/sum/picture-1.dark.svg").read_text()
    assert "#ffffff" not in light  # no ground: the page's shows
    assert ("#2563a8" in light, "#7db2ee" in dark) == (True, True)
    assert 'href="../../numbers/why/#because"' in html
    assert (
        '<a href="../../walks/sum/">Sum</a>'
        in (site / "numbers/why/index.html").read_text()
    )
    assert not list(site.rglob("*.py"))


def test_the_picture_of_the_result_opens_the_page(book):
    made = book.made()
    drawing = next(cell for cell in made.cells if "figure" in cell.metadata)
    drawing.source = f'# Draw "it"\n{drawing.source}'
    assert notebooks.drawn(made, "result") == []
    drawing.metadata.tags = walkthrough.TAGS[walkthrough.RESULT]
    assert notebooks.drawn(made, "result") == notebooks.drawn(made)
    text = notebooks.markdown(made, "sum/")
    first, *_, last = re.finditer(r"\(sum/picture-1.light", text)
    assert text.index("# What is") < first.start() < text.index("2 + 2")
    assert last.start() < text.index("??? example \"Draw 'it'\"")
    (one,) = walkthrough.find(book.tree)
    given = notebooks.download(one, made, "https://example.org/")
    words = drawing.metadata.figure
    address = "https://example.org/walks/sum/picture-1.svg"
    assert given.cells[1].source.startswith("# What is")
    assert given.cells[2].source == f"![{words}]({address})"
    beside = dict(notebooks.files(one, made, ""))
    assert "#ffffff" in beside["walks/sum/picture-1.svg"]


def test_a_page_is_squeezed_where_no_white_space_counts():
    kept = "<pre>\n  a\n\n  b</pre>"
    page = (
        f"<ul>\n\n    <li>x\n  </li>\n{kept}\n  <script>\n  1\n</script>\n\n<p>y z</p>"
    )
    assert notebooks.squeezed(page) == (
        f"<ul>\n<li>x\n</li>\n{kept}\n<script>\n  1\n</script>\n<p>y z</p>"
    )


def test_a_download_stands_alone(built):
    site = built("elsewhere")
    given = nbformat.read(site / "walks/sum/sum.ipynb", 4)
    nbformat.validate(given)
    install = given.cells[0]
    assert install.source.endswith("\n%pip install --quiet matplotlib")
    text = nbformat.writes(given)
    assert "127.0.0.1" not in text
    assert "(https://example.org/book/numbers/why/#because)" in text
    assert "`https://example.org/book/w.pt`" in text
    assert outputs(given).startswith("4\n")
    assert "#ffffff" in text  # its pictures are read on any ground
    assert given.metadata.kernelspec == {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    assert given.cells[-1].metadata.jupyter == {"source_hidden": True}


def test_colab_is_named_where_a_repository_on_github_is(built, book):
    page = "walks/sum/index.html"
    assert "colab" not in (built("plain") / page).read_text()
    html = (built("elsewhere") / page).read_text()
    address = "https://colab.research.google.com/github/someone/book/blob/notebooks/"
    assert f'href="{address}sum.ipynb"' in html
    made = book.made()
    for repository, named in (
        ("https://github.com/someone/book", True),
        ("https://example.org/a/b", False),
        ("", False),
    ):
        text = notebooks.page("walks/sum.ipynb", made, repository)
        assert ("colab" in text) == named


@pytest.mark.parametrize(
    ("seconds", "words"), [(59.8, "a minute"), (61, "2 minutes"), (3, "a minute")]
)
def test_a_page_says_how_long_its_notebook_takes(book, seconds, words):
    made = book.made()
    made.metadata.proven |= {"seconds": seconds, "cells": 7}
    text = notebooks.page("walks/sum.ipynb", made, "")
    assert f"7 cells, which take less than {words}\n" in text


def test_what_was_not_executed_is_not_built_but_can_be_looked_at(
    refused, sites, tmp_path
):
    assert "was not executed: run make site" in refused("pending")
    tree, look = Tree(sites / "pending"), tmp_path / "look"
    Preview(tree, look, "http://127.0.0.1:8000/").update()
    page = (look / "walks/sum/index.html").read_text()
    assert walkthrough.PENDING.strip("*") in page


def test_a_site_with_a_readers_notebook_is_not_built(refused):
    assert "mine.ipynb: a notebook that no walk" in refused("faulty")


def test_serving_goes_on_without_a_readers_notebook(sites, caplog):
    config = load_config(str(sites / "faulty" / "mkdocs.yml"))
    config.plugins.run_event("startup", command="serve", dirty=False)
    with caplog.at_level("WARNING", logger="mkdocs"):  # a preview makes it quiet
        files = config.plugins.run_event("files", get_files(config), config=config)
    named = set(files.src_uris)
    assert {"walks/sum.ipynb", "walks/sum/picture-1.dark.svg"} <= named
    assert "walks/mine.ipynb" not in named
    assert "docs/walks/mine.ipynb: a notebook that no walkthrough" in caplog.text


def test_a_dead_link_fails_the_build(refused):
    assert "a link '../gone.md', but the target" in refused("faulty")


def test_a_notebook_installs_no_other_torch(lesson):
    """The newest torchvision would bring the newest torch, of another build."""
    lesson.write("# %%\nimport numpy, torchvision\n\nprint(1)\n")
    (one,) = walkthrough.find(lesson.tree)
    assert one.requirements() == ["numpy"]


MEASURED = re.compile(r"\d+(?= frames a second)")


def printed(made: nbformat.NotebookNode) -> list[str]:
    """Its texts, without a speed, which is measured."""
    outputs = [one for cell in made.cells for one in cell.get("outputs", [])]
    texts = [one.get("text") or one.data.get("text/plain", "") for one in outputs]
    return [MEASURED.sub("#", "".join(text)) for text in texts]


@pytest.mark.weekly
@pytest.mark.parametrize("one", walkthrough.find(HERE), ids=lambda one: one.path.stem)
def test_a_walkthrough_prints_the_same_elsewhere(one, monkeypatch):
    """Not so what chance, a clock or a name of the machine gave it."""
    here = execute._environment
    there = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "USER": "reader"}
    monkeypatch.setattr(execute, "_environment", lambda folder: here(folder) | there)
    made, problems = execute.execute(one, limits.CELL)
    assert problems == [] and printed(made) == printed(one.executed)


@pytest.mark.weekly
def test_a_second_run_of_a_lesson_tells_chance(tmp_path):
    text = LESSON.replace("2 + 2", "hash('a')")
    (tmp_path / "docs/lessons").mkdir(parents=True)
    (tmp_path / "docs/lessons/chance.py").write_text(HEAD + text)
    (one,) = walkthrough.find(Tree(tmp_path))
    first, second = (execute.execute(one, 60)[0] for _ in range(2))
    assert printed(first) != printed(second)
