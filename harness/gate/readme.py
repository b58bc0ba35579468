"""The README's own fences: pytest runs them as they stand."""

import re
from collections.abc import Iterator

from harness.core.fences import faults, scan
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site.copies import EXPECTED
from harness.site.fragments import Recorded

NAME = "README.md"
DIRECTIVE = re.compile(r"<!--[-\s]*pytest")  # of the plugin


def blocks(tree: Tree) -> int:
    """How many blocks pytest must collect."""
    return sum(fence.is_python for fence in scan(_text(tree)))


def _text(tree: Tree) -> str:
    file = tree.root / NAME
    return file.read_text(encoding="utf-8") if file.exists() else ""


def check(tree: Tree, snippets: dict[str, Recorded]) -> Iterator[Problem]:
    """What would not be run, and code or output that is no longer its snippet's.

    A fence claims to be a snippet by a comment right above it that holds the path.
    """
    for fault in _faults(tree, snippets):
        yield Problem(NAME, *fault)


def _faults(tree: Tree, snippets: dict[str, Recorded]) -> Iterator[tuple]:
    text = _text(tree)
    lines = [line.strip() for line in text.split("\n")]
    for number, line in enumerate(lines, 1):
        if DIRECTIVE.match(line) and line != EXPECTED:
            yield number, f"'{line}' would keep pytest from running a block", "drop it"
    paths = {tree.show(one.snippet.path): one for one in snippets.values()}
    shown: Recorded | None = None  # the snippet of the last fence
    for fence in scan(text):
        above = next(filter(None, reversed(lines[: fence.line - 1])), "")
        if above != EXPECTED:
            shown = paths.get(above.removeprefix("<!--").removesuffix("-->").strip())
            if shown is None:
                yield from faults(fence)
            elif fence.body + "\n" != shown.snippet.source:
                fix = f"copy {tree.show(shown.snippet.path)}"
                yield fence.line, "this is not what the snippet says", fix
            continue
        if shown is None:
            what = "an output that belongs to no snippet: nothing compares it"
            yield fence.line, what, "put it below a snippet's code"
        elif fence.body + "\n" != shown.out:
            fix = f"copy {tree.show(shown.snippet.out)}"
            yield fence.line, "this is not what the snippet printed", fix
        shown = None
