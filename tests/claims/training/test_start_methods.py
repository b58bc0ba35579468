"""Programs with workers, as Linux starts them since Python 3.14: by a server.

As Windows and macOS start them, `tests/harness/test_elsewhere.py` tries them.
"""

import re
import subprocess
import sys

import pytest

from harness.core.directives import SYSTEMS
from harness.core.snippet import Snippet, find
from harness.core.tree import HERE
from harness.judge.shown import without_noise

WORKERS = re.compile(r"num_workers=[1-9]|^import multiprocessing|\bmp\.", re.M)
PROGRAMS = [
    one.name
    for one in find(HERE)
    if WORKERS.search(one.source) and not one.directives.needs - {*SYSTEMS}
]
FIRST = "training/random_numbers_in_workers"  # draws what a fork would share
SET = 'import multiprocessing\nif __name__ == "__main__":\n'
SET += '    multiprocessing.set_start_method("forkserver")\n'


def test_there_are_programs_with_workers():
    assert FIRST in PROGRAMS and len(PROGRAMS) > 3


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name == FIRST else pytest.mark.weekly)
        for name in PROGRAMS
    ],
)
def test_its_output_is_the_recorded_one(name, tmp_path):
    snippet = Snippet(HERE, name)
    file = tmp_path / "program.py"
    file.write_text(SET + snippet.source, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, file],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    own = snippet.own_out("newest-python")  # of a lane that starts them so, too
    files = [file for file in (snippet.out, own) if file.exists()]
    recorded = [file.read_text(encoding="utf-8") for file in files]
    raised, warned = snippet.directives.raises, snippet.directives.warns
    assert bool(raised) == bool(ran.returncode), ran.stderr
    assert any(_same(ran, text, raised, warned) for text in recorded), ran


def _same(ran, recorded, raised, warned) -> bool:
    """Whether it printed this text, whose end stands in standard error."""
    if raised:  # a worker's traceback names the lines of this file
        printed, last = ran.stdout.strip(), recorded.rstrip().split("\n")[-1]
        return last in ran.stderr and recorded[: len(printed)].strip() == printed
    lines = recorded.splitlines(keepends=True)
    said = [lines.pop().strip() for _ in warned]
    stderr = without_noise(ran.stderr)
    heard = re.findall(r"^\S+:\d+: (\w+: .+)$", stderr, re.M)  # then the code
    return (
        ran.stdout == "".join(lines)
        and heard == said[::-1]
        and bool(stderr) == bool(said)
    )
