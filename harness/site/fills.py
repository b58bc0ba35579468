"""Which numbers of a cause are those of its error text: there a reader's may stand.

A tie says so: where its pattern fits the text as torch prints it, the number it ties
is the one at that place. The script `errors.js` counts numbers in the same way.
"""

import re

from harness.core.page import Page
from harness.core.ties import MARK, ties, untied
from harness.site.tables.errors import listed

NUMBER = re.compile(r"(?<![A-Za-z_.\d])\d+(?:\.\d+)?|(?<=\dx)\d+")
ADDRESS = re.compile(r"\]\([^)]*\)")
APART = re.compile(r"\{ \.(?:said|older) \}")


def fills(page: Page) -> dict[str, list[tuple[int, int]]]:
    """By anchor, pairs of places: a number in the cause, and its equal in the text."""
    found = {}
    for entry in listed([page]):
        lines = page.marked[entry.line : entry.end - 1]
        after = max(
            (at for at, one in enumerate(lines) if APART.match(one)), default=-1
        )
        rest = "\n".join(lines[after + 1 :]).strip("\n").partition("\n\n")[0]
        pairs = _pairs(ADDRESS.sub("]", rest), entry.said)
        if pairs:
            found[entry.anchor] = pairs
    return found


def _pairs(cause: str, said: str) -> list[tuple[int, int]]:
    places = [one.span() for one in NUMBER.finditer(said)]
    numbers = [one.end() for one in NUMBER.finditer(untied(cause))]
    pairs, gone = [], 0
    for mark, tie in zip(MARK.finditer(cause), ties([cause]), strict=True):
        end, gone = mark.start() - gone, gone + len(mark[0])
        spans = [one.span("number") for one in tie.places(said)] if tie.pattern else []
        if end in numbers and len(spans) == 1 and spans[0] in places:
            pairs.append((numbers.index(end), places.index(spans[0])))
    return pairs
