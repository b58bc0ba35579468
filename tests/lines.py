"""`python -m tests.lines`: which lines of programs change nothing of the output?

Each assignment and each call of a program is taken out, one at a time. Where it still
ends, prints and draws the same, the line is named, but for those of `tests/lines.yml`,
which have their reason there.
"""

import ast
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import yaml

from harness.core.snippet import Snippet, find
from harness.core.tree import HERE, Tree
from harness.run import lane
from harness.run.options import Options
from tests import mutation

KNOWN = Path(__file__).with_name("lines.yml")
SEED = 417  # no program sets this one
# What such a program shows is not its output alone, or it cannot run everywhere.
OTHERS = ("raises", "warns", "run", "figure", "needs")


def lines(source: str) -> Iterator[tuple[str, str]]:
    """Each line that can be taken out, and the program without it."""
    rows = source.split("\n")
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr)):
            continue
        value, first, last = node.value, node.lineno - 1, node.end_lineno
        prints = isinstance(value, ast.Call) and ast.unparse(value.func) == "print"
        before = rows[first][: node.col_offset]
        if not (before.strip() or prints or isinstance(value, ast.Constant)
                and isinstance(node, ast.Expr)):  # fmt: skip
            without = [f"{before}pass", *[""] * (last - first - 1)]
            said = " ".join(row.strip() for row in rows[first:last])
            yield said, "\n".join([*rows[:first], *without, *rows[last:]])


def fit(one: Snippet) -> bool:
    declared = one.directives
    return not ("_solution" in one.name or any(getattr(declared, x) for x in OTHERS))


def known() -> set[str]:
    table = yaml.safe_load(KNOWN.read_text("utf-8"))
    return {line for kind in table for line in kind["lines"]}


def main() -> int:
    said, programs = {}, [one for one in find(HERE) if fit(one)]
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(Path(folder))
        for one in programs:
            for number, (line, without) in enumerate(lines(one.source)):
                changed = Snippet(tree, f"{one.name}_{number}")
                tree.write(changed.path, without)
                shutil.copy(one.out, changed.out)
                said[changed.name] = f"{one.name}: {line}"
        with redirect_stdout(io.StringIO()):  # nearly all of them fail
            outcomes = lane.run(tree, Options(seed=SEED))
    left = {said[one.snippet.name] for one in outcomes if not one.problems}
    count = sum(not one.problems for one in outcomes)
    today = datetime.now(UTC).date().isoformat()
    found = {"date": today, "programs": len(programs), "taken out": len(said)}
    mutation.keep("lines", found | {"without effect": count})
    for line in sorted(new := left - (listed := known())):
        print(f"changes nothing: {line}\n    cut it, or list it in {KNOWN.name}")
    for line in sorted(listed - left):  # some change something now and then
        print(f"changes something this time: {line}")
    return bool(new)


if __name__ == "__main__":
    sys.exit(main())
