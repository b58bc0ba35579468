"""`pytest --codeblocks` runs every block, each alone, and believes no earlier run."""

import os
import re
import shutil
import signal
import time
from pathlib import Path

import pytest

from harness.core.tree import HERE
from tests import commands, parents
from tests.commands import Command

PYTEST = """\
[pytest]
addopts = -q --strict-markers --import-mode=importlib
filterwarnings = error
timeout = 1
"""


class Run:
    """`pytest --codeblocks` over a project's expanded pages."""

    def __init__(self, draft):
        self.draft = draft
        draft.write("pytest.ini", PYTEST)
        shutil.copy(HERE.root / "conftest.py", draft.tree.root)
        self.folder = draft.tree.root / "tmp"  # of pools
        self.folder.mkdir()

    def start(self, *arguments: str, **how) -> Command:
        env = {
            "PYTHONPATH": str(HERE.root),
            "PATH": os.defpath,
            "SECRET": "told",
            "TMPDIR": str(self.folder),
        }
        root = self.draft.tree.root
        return Command("pytest", "--codeblocks", *arguments, cwd=root, env=env, **how)

    def __call__(self, *arguments: str, code: int | None = None, **how) -> str:
        """What it says; `code` is how it must end."""
        process = self.start(*arguments, **how)
        said = process.finish()
        assert code is None or process.returncode == code, said
        return said


DRAWS = """\
# figure: A figure without axes, which is an empty picture.
import matplotlib.pyplot as plt

plt.figure().savefig("drawn.svg")
"""
# What it draws: a frame without ink, as large as the figure.
EMPTY = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 388.8 259.2">
<path d="M 0 259.2 L 388.8 259.2 L 388.8 0 L 0 0 z" style="fill: none"/>
</svg>
"""


@pytest.fixture
def run(draft):
    draft.write("snippets/numbers/drawn.svg", EMPTY)
    draft.snippet("numbers/drawn", DRAWS, "")
    draft.write("recorded/figures/numbers/drawn.json", '{"texts": [], "axes": []}')
    return Run(draft)


def fence(code: str) -> str:
    return f"\n```python\n{code}\n```\n"


# Typed blocks: each would have bent those after it in one process.
BENDS = (
    'import os; os.environ.clear(); os.chdir("/")',
    "import math; math.pi = 3",
    "import builtins; builtins.value = 3",
    "import torch; torch.set_default_dtype(torch.float64)",
)
HOLDS = (
    'import os; assert "SECRET" not in os.environ and os.listdir(".") == []',
    "import math; assert math.pi > 3.14",
    "import torch; assert torch.ones(1).dtype is torch.float32",
    "import sys; assert 'pytest' not in sys.modules and 'harness' not in sys.modules",
    "class Pair: pass\nimport inspect, pickle; pickle.dumps(Pair())",
    'print(__name__); assert __name__ == "__main__"',
)
FAILS = {
    "value": "NameError: name 'value' is not defined",
    "import os; os._exit(0)": "ended with exit 0 before its last line",
    "raise SystemExit(0)": "calls sys.exit",
    "import pytest; pytest.skip('later')": "raises Skipped",
    # By the kernel where it guards signals, else because the block was lost.
    "import os, signal; os.kill(os.getppid(), signal.SIGKILL)": "does not hold",
    'import warnings; warnings.warn("loud", stacklevel=1)': "warns UserWarning: loud",
    'import socket; socket.create_connection(("192.0.2.1", 80), 1)': "looks up '192.",
    "open('left', 'w').close()": "leaves files: work/left",
    "x = [\n1": "'[' was never closed",
    "# takes: 0.2 s\nimport time; time.sleep(60)": "hangs",
    "# nedds: cuda\nprint(1)": "is not a directive",
}


def test_a_block_runs_alone_and_is_judged_by_all_rules(draft, run):
    draft.write("README.md", draft.README)
    lines = {}
    for code in (*BENDS, *HOLDS, *FAILS):
        lines[code] = draft.add(fence(code), "numbers/why.md") + 1
    draft.snippet("numbers/sum", "print(2 + 2)\n", "5\n")
    draft.snippet("numbers/fails", "# raises: KeyError\nint('x')\n", "KeyError: 'x'\n")
    draft.snippet("numbers/warned", "# warns: UserWarning\nprint(1)\n", "1\nold\n")
    draft.write("README.md", draft.README.replace("\n4\n", "\n5\n"))
    assert draft.problems() == []
    given = {"code": 1, "servers": parents.servers()}
    said = run("build/pages", "README.md", "--seed", "7", **given)
    blocks = re.split(r"^_+ code block check _+$", said, flags=re.MULTILINE)[1:]
    found = {text.strip().partition(": this block")[0]: text for text in blocks}
    expected = {f"docs/numbers/why.md:{lines[code]}": FAILS[code] for code in FAILS} | {
        "docs/index.md:9": "prints something else",
        "README.md:4": "prints something else",
        "docs/numbers/index.md:16": "ValueError: invalid",
        "docs/numbers/index.md:22": "does not warn UserWarning",
    }
    assert found.keys() == expected.keys(), said
    for where, words in expected.items():
        assert words in found[where], found[where]
        assert "to repeat it: --seed 7" in found[where]
    total = draft.blocks() + 1
    assert f"{total - 1} of {total} blocks" in said
    assert "1 left out: needs cuda" in said
    passed = total - 1 - len(expected)
    assert f"{len(expected)} failed, {passed} passed, 1 skipped" in said


def leave_out_the_picture(draft) -> None:
    """No program is left that needs what takes seconds to import."""
    page = draft.tree.docs / "numbers" / "index.md"
    above, *_, below = re.split(r"\n(?=[?]{3} |~~~console)", page.read_text())
    page.write_text(f"{above}\n{below}")
    for file in draft.tree.root.glob("*/**/drawn.*"):
        file.unlink()


def test_equal_blocks_share_one_run_and_a_part_says_so(draft, run):
    leave_out_the_picture(draft)
    draft.write("README.md", draft.README)
    draft.add('--8<-- "numbers/sum.md"\n', "numbers/why.md")
    assert draft.problems() == []
    whole = run("build/pages", "README.md", code=0)
    count = draft.blocks() + 1
    # Three blocks show the sum; one needs a card.
    assert f"{count - 1} of {count} blocks; {count - 3} programs" in whole
    part = run("build/pages/index.md", code=0)
    assert f"1 of {count} blocks; 1 programs" in part
    some = [f"build/pages/{name}.md" for name in ("index", "numbers/why")]
    workers = run(*some, "--dist", "load", "--tx", "2*popen")
    assert "3 passed, 1 skipped" in workers


def test_what_counts_are_the_bytes_on_the_page_each_time(draft, run):
    assert draft.problems() == []
    run("build/pages/index.md", code=0)
    page = draft.tree.pages / "index.md"
    page.write_text(page.read_text().replace("print(2 + 2)", "print(2 + 3)"))
    assert "+5" in run("build/pages/index.md", code=1)
    assert "+5" in run("build/pages", "--lf", code=1)
    page.write_text(page.read_text().replace("print(2 + 3)", "print(2 + 2)"))
    run("build/pages", "--lf", code=0)


def test_a_listing_and_an_empty_selection_start_nothing(draft, run):
    assert draft.problems() == []
    assert "line" in run("build/pages", "--collect-only", code=0)
    assert "deselected" in run("build/pages", "-k", "nothing", code=5)
    assert not (draft.tree.build / "cache").exists()


HANGS = "# takes: 100 s\nimport time; print('hangs', flush=True); time.sleep(300)"


def programs(root: Path) -> list[str]:
    """The processes of a project's pool, and of the programs that it runs."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if "harness.run" in line and (entry / "cwd").readlink().is_relative_to(
                root
            ):
                found.append(line)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("how", ["-x", "Ctrl-C", "kill -9"])
def test_no_process_is_left(draft, run, how):
    draft.add(fence("1 / 0"))
    draft.add(fence(HANGS))
    assert draft.problems() == []
    process = run.start("build/pages/index.md", *(["-x"] if how == "-x" else []))
    if how != "-x":
        outputs = run.folder.glob
        _wait(lambda: any("hangs" in f.read_text() for f in outputs("*/*/*/stdout")))
        assert len(programs(draft.tree.root)) > 1
        process.send_signal(signal.SIGINT if how == "Ctrl-C" else signal.SIGKILL)
    said = process.finish()
    assert process.returncode != 0, said
    _wait(lambda: not programs(draft.tree.root))
    _wait(lambda: not list(run.folder.iterdir()))


def _wait(for_what) -> None:
    deadline = time.monotonic() + 30
    while not for_what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(
    "mark",
    [
        "<!--pytest.mark.skip-->",
        "<!--pytest.mark.xfail(print('it runs'))-->",
        "<!--pytest-codeblocks:cont-->",
        "<!--pytest-codeblocks:importorskip(nothing)-->",
        "<!--pytest-codeblocks:expected-output-ignore-whitespace-->",
        "<!--pytest-codeblocks:skipfile-->",
        "```sh\nfalse\n```",
        "```bash\nfalse\n```",
    ],
)
def test_a_mark_of_the_plugin_stops_it_before_collection(draft, run, mark, capsys):
    draft.problems()
    page = draft.tree.pages / "index.md"
    page.write_text(f"{mark}\n{page.read_text()}")
    said = run("build/pages/index.md", code=4)
    assert re.search("index.md:1: .*(not allowed|would be run)", said)
    assert "it runs" not in said.replace(mark, "")


def test_what_pytest_does_not_find_stops_it(draft, run):
    never = run("docs", code=4)
    assert "or were never made" in never
    draft.problems()
    page = draft.tree.pages / "index.md"
    text = page.read_text()
    page.write_text(text.replace("```python", "```  python"))
    assert "0 blocks were found, 1 are on the page" in run("build/pages", code=2)
    page.unlink()
    assert "index.md has blocks that were not found" in run("build/pages", code=4)
    page.write_text(text)
    assert "not made by the harness" in run("docs", code=2)
    draft.write("elsewhere/test_x.py", "def test_x():\n    pass\n")
    assert "no page was found" in run("elsewhere", code=4)
    draft.write("snippets/numbers/sum.out", "5\n")
    assert "older than what they show" in run("build/pages", code=4)


def test_the_witness_runs_stock_blocks_alone(draft, run):
    """Blocks share nothing, and one that prints something else is found."""
    leave_out_the_picture(draft)
    draft.write("apart/torch.py", "")  # no block here needs it
    line = draft.add(fence("import builtins; builtins.value = 3")) + 1
    draft.add(fence("assert not hasattr(__builtins__, 'value')"))
    draft.add(fence('assert __name__ == "__main__"'))
    draft.add(fence('assert type(1).__name__ == "int"'))
    assert draft.problems() == []
    root = draft.tree.root
    places = (root / "apart", HERE.root)
    env = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, places))}

    def ask(code: int) -> str:
        return commands.run("tests.witness", cwd=root, env=env, code=code)

    said = ask(0)
    assert "1 with '# raises:' 1 with '# warns:' 1 needs cuda" in said
    assert "1 with __name__" in said  # the other has no name of its own
    page = draft.tree.pages / "index.md"
    page.write_text(page.read_text().replace("builtins.value = 3", "1 / 0"))
    for other in (draft.tree.pages / "numbers").iterdir():
        other.unlink()
    assert f"docs/index.md:{line}: stock pytest-codeblocks" in ask(1)
