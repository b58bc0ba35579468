"""The README's own fences: pytest runs them as they stand."""

import re
from collections.abc import Iterator

from harness.core.fences import Fence, faults, scan
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site.copies import EXPECTED
from harness.site.fragments import Recorded

NAME = "README.md"
DIRECTIVE = re.compile(r"<!--[-\s]*pytest")  # of the plugin


def fences(tree: Tree) -> list[Fence]:
    file = tree.root / NAME
    return scan(file.read_text(encoding="utf-8")) if file.exists() else []


def blocks(tree: Tree) -> int:
    """How many of them pytest must collect."""
    return sum(fence.is_python for fence in fences(tree))


def check(tree: Tree, snippets: dict[str, Recorded]) -> Iterator[Problem]:
    """What would not be run, and code or output that is no longer its snippet's.

    A fence claims to be a snippet by a comment right above it that holds the path.
    """
    found = fences(tree)
    if not found:
        return
    lines = (tree.root / NAME).read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, 1):
        if DIRECTIVE.match(line.strip()) and line.strip() != EXPECTED:
            what = f"'{line.strip()}' would keep pytest from running a block"
            yield Problem(NAME, number, what, "leave it out")
    paths = {tree.show(one.snippet.path): one for one in snippets.values()}
    claimed = None
    for fence in found:
        above = next(
            (line.strip() for line in reversed(lines[: fence.line - 1]) if line), ""
        )
        if above == EXPECTED:
            if claimed is None:
                what = "an output that belongs to no snippet: nothing compares it"
                yield Problem(NAME, fence.line, what, "put it below a snippet's code")
            elif fence.body + "\n" != claimed.out:
                what = "this is not what the snippet printed"
                fix = f"copy {tree.show(claimed.snippet.out)}"
                yield Problem(NAME, fence.line, what, fix)
            claimed = None
            continue
        claimed = paths.get(above.removeprefix("<!--").removesuffix("-->").strip())
        if claimed is None:
            for line, what, fix in faults(fence):
                yield Problem(NAME, line, what, fix)
        elif fence.body + "\n" != claimed.snippet.source:
            what = "this is not what the snippet says"
            fix = f"copy {tree.show(claimed.snippet.path)}"
            yield Problem(NAME, fence.line, what, fix)
