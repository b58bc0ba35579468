"""The README's own fences: pytest runs them as they stand."""

import re
from collections.abc import Iterator

from harness.core import characters
from harness.core.fences import faults, scan, without
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.gate import markup, numbers
from harness.site.copies import EXPECTED
from harness.site.fragments import Programs

NAME = "README.md"
SNIPPET = re.compile(r"(?:<!-- )?snippets/(?P<name>.+)\.py(?: -->)?")
DIRECTIVE = re.compile(r"<!--[-\s]*pytest")  # of the plugin


def blocks(tree: Tree) -> int:
    """How many blocks pytest must collect."""
    return sum(fence.is_python for fence in scan(_text(tree)))


def _text(tree: Tree) -> str:
    return tree.text(tree.root / NAME) or ""


def check(tree: Tree) -> Iterator[Problem]:
    """What would not be run, and code or output that is no longer its snippet's.

    A fence claims to be a snippet by a comment right above it that holds the path.
    """
    text = _text(tree)
    lines = [line.strip() for line in text.split("\n")]
    for number, line in enumerate(lines, 1):
        if DIRECTIVE.match(line) and line != EXPECTED:
            what = f"'{line}' would keep pytest from running a block"
            yield Problem(NAME, number, what, "leave it out")
    outside, proofs = without(scan(text), text), set()
    yield from (Problem(NAME, *fault) for fault in characters.faults(text))
    rest = "\n".join(outside)
    yield from (Problem(NAME, *fault) for fault in markup.faults(rest, tree, NAME))
    for name in ("pyproject.toml", "recorded/sources.yml"):
        proofs |= numbers.tokens(tree.text(tree.root / name) or "")
    for number, line in enumerate(outside, 1):
        for token, written in numbers.claims(markup.QUOTE.sub("", line)):
            if token not in proofs:
                what = f"nothing proves '{written}'"
                yield Problem(NAME, number, what, "leave it out: here is no tie")
    snippets, one = Programs(tree), None
    for fence in scan(text):
        above = next(filter(None, reversed(lines[: fence.line - 1])), "")
        named = SNIPPET.fullmatch(above)
        before, one = one, snippets.get(named["name"]) if named else None
        if above == EXPECTED and before:
            if fence.body + "\n" != before.out:
                what = "this is not what the snippet printed"
                fix = f"copy {tree.show(before.snippet.out)}"
                yield Problem(NAME, fence.line, what, fix)
        elif one is None:
            yield from (Problem(NAME, *fault) for fault in faults(fence))
        elif fence.body + "\n" != one.snippet.source:
            fix = f"copy {tree.show(one.snippet.path)}"
            yield Problem(NAME, fence.line, "this is not what the snippet says", fix)
