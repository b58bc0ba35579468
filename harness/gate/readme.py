"""The README's own fences: pytest runs them as they stand."""

from collections.abc import Iterator

from harness.core.fences import Fence, faults, scan
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site.copies import EXPECTED
from harness.site.fragments import Recorded

NAME = "README.md"


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
    paths = {tree.show(one.snippet.path): one for one in snippets.values()}
    claimed = None
    for fence in found:
        above = next(
            (line.strip() for line in reversed(lines[: fence.line - 1]) if line), ""
        )
        if above == EXPECTED:
            if claimed and fence.body + "\n" != claimed.out:
                yield Problem(
                    NAME,
                    fence.line,
                    "this is not what the snippet printed",
                    f"copy {tree.show(claimed.snippet.out)}",
                )
            continue
        claimed = paths.get(above.removeprefix("<!--").removesuffix("-->").strip())
        if claimed:
            if fence.body + "\n" != claimed.snippet.source:
                yield Problem(
                    NAME,
                    fence.line,
                    "this is not what the snippet says",
                    f"copy {tree.show(claimed.snippet.path)}",
                )
            continue
        for line, what, fix in faults(fence):
            yield Problem(NAME, line, what, fix)
