"""Finds every fence of a Markdown text, and says which ones a person may type.

The scanner is liberal: whatever could be a fence is one, in lists, tabs, admonitions
and block quotes. `harness.gate.gate` compares its findings with what the site shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from harness.core import limits

CONTAINER = r"(?:[ >]|[-*+] |\d+[.)] )*"
OPENER = re.compile(rf"(?P<prefix>{CONTAINER})(?P<mark>`{{3,}}|~{{3,}})(?P<info>.*)")
LIST_ITEM = re.compile(r"[-*+] |\d+[.)] ")
LANGUAGE = re.compile(r"\s*(?:\{\s*)?\.?([\w#+-]+)(?![\w#+-]*=)")

PYTHON = frozenset({"python", "py", "python3", "py3"})


@dataclass(frozen=True)
class Fence:
    """A fenced block; `body` is dedented and ends without a newline."""

    line: int  # of its opening, counted from 1
    end: int  # of its last line
    prefix: str  # spaces and quote marks that it stands behind
    info: str  # what follows the opening mark
    body: str
    fault: str = ""  # why the site would not show it as a fence

    @property
    def language(self) -> str:
        found = LANGUAGE.match(self.info)
        return found.group(1).lower() if found else ""

    @property
    def is_python(self) -> bool:
        return self.language in PYTHON

    def attribute(self, name: str) -> str | None:
        """The value of `name="value"` in its header."""
        found = re.search(rf'{name}="([^"]*)"', self.info)
        return found.group(1) if found else None


@lru_cache(maxsize=256)  # check and both copies ask for the same expanded page
def scan(text: str) -> list[Fence]:
    """Every fence of a text, in order; one that is not closed has a fault."""
    lines = [line.expandtabs(4) for line in text.split("\n")]
    found, number = [], 0
    while number < len(lines):
        opener = OPENER.fullmatch(lines[number])
        if opener is None:
            number += 1
            continue
        fence = _read(lines, number, opener)
        found.append(fence)
        number = fence.end
    return found


def _read(lines: list[str], start: int, opener: re.Match) -> Fence:
    prefix, mark, info = opener["prefix"], opener["mark"], opener["info"]
    if mark[0] in info:
        body, fault = [], "goes on after its mark"
    else:
        body, fault = _body(lines[start + 1 :], len(prefix), mark)
    end = start + 1 + len(body) + (not fault)
    if LIST_ITEM.search(prefix):
        fault = fault or "starts on the line of a list item"
    return Fence(start + 1, end, prefix, info.strip(), "\n".join(body), fault)


def _body(lines: list[str], width: int, mark: str) -> tuple[list[str], str]:
    """The lines of a fence up to its closing mark, and what is wrong with its end."""
    body = []
    for line in lines:
        content = _content(line, width)
        if content.strip() and len(line) - len(content) < width:
            return body, "is cut short by a line that is indented less"
        if content.rstrip() == mark:
            return body, ""
        body.append(content if content.strip() else "")
    return body, "is not closed"


def _content(line: str, width: int) -> str:
    """A line less the prefix of its fence: at most `width` spaces and quote marks."""
    taken = 0
    while taken < min(width, len(line)) and line[taken] in " >":
        taken += 1
    return line[taken:]


def faults(fence: Fence) -> Iterator[tuple[int, str, str]]:
    """What is wrong with a typed fence: line, what, and how to fix it."""
    if fence.fault:
        yield (
            fence.line,
            f"this fence {fence.fault}",
            "give it lines of its own, all indented alike",
        )
    elif ".output" in fence.info or "data-" in fence.info:
        yield fence.line, "output typed by hand", "include a snippet's fragment"
    elif fence.language in ("", "text"):
        yield (
            fence.line,
            "output typed by hand, or a fence without a language",
            "include a snippet's fragment, or say what language it is",
        )
    elif fence.is_python:
        yield from _python(fence)
    elif fence.language == "console":
        yield from _console(fence)
    else:
        yield (
            fence.line,
            f"nobody runs a '{fence.language}' fence",
            "make it a snippet; allowed are python and console",
        )


def _python(fence: Fence) -> Iterator[tuple[int, str, str]]:
    count = sum(bool(line.strip()) for line in fence.body.split("\n"))
    if count > limits.TYPED:
        yield (
            fence.line,
            f"{count} lines of Python typed into a page",
            "make it a snippet and include its fragment",
        )


def _console(fence: Fence) -> Iterator[tuple[int, str, str]]:
    continued = False
    for number, line in enumerate(fence.body.split("\n"), fence.line + 1):
        if line.strip() and not continued and not line.startswith("$ "):
            yield (
                number,
                "a console line that is no command",
                "start commands with '$ '; output comes from snippets only",
            )
        continued = line.endswith("\\")
