"""The Markdown of tables, and of the boxes that the style sheet lays out."""

import posixpath
import re
from collections.abc import Iterable

OUTSIDE = re.compile(r"(?P<code>`[^`]*`)|\|")  # a code span as a whole, or a bar


def table(heads: list[str], rows: Iterable[list[str]]) -> list[str]:
    """Its lines; a head with ">" before it stands over numbers, at the right."""
    marks = ["---:" if head[0] == ">" else "---" for head in heads]
    lines = [[head.removeprefix(">") for head in heads], marks, *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def boxed(style: str, lines: list[str]) -> list[str]:
    return [f'<div class="{style}" markdown>', "", *lines, "", "</div>"]


def link_to(program: str, place: str | None, start: str) -> str:
    """A snippet's name, with a link to its page from the page that shows it."""
    shown = f"`{program}`"
    if place:
        shown = f"[{shown}]({posixpath.relpath(place, posixpath.dirname(start))})"
    return shown


def code(text: str) -> str:
    """As inline code, whatever backticks are in it."""
    if "`" not in text:
        return f"`{text}`"
    mark = "`" * (1 + max(map(len, re.findall("`+", text))))
    return f"{mark} {text} {mark}"


def escaped(text: str) -> str:
    """Bars would end a cell, but for those in code."""
    return OUTSIDE.sub(lambda found: found["code"] or "\\|", text)
