"""Finds every fence of a Markdown text, and says which ones a person may type.

The scanner is liberal: whatever could be a fence is one, in lists, tabs, admonitions
and block quotes. `harness.gate.gate` compares its findings with what the site shows.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from harness.core import limits
from harness.core.directives import PACKAGES

CONTAINER = r"(?:[ >]|[-*+] |\d+[.)] )*"
OPENER = re.compile(rf"(?P<prefix>{CONTAINER})(?P<mark>`{{3,}}|~{{3,}})(?P<info>.*)")
LIST_ITEM = re.compile(r"[-*+] |\d+[.)] ")
LANGUAGE = re.compile(r"\s*(?:\{\s*)?\.?([\w#+-]+)(?![\w#+-]*=)")

# A comment that a reader takes for what the line printed.
OUTPUT_LIKE = re.compile(
    r"""(?:^|[\s)\]}"'])#\s?(?:[-=]?>|(?:Output|output|Prints|prints|Out|Result)\s*:)"""
)
# Commands whose output is known beforehand, and comments, which could say anything.
SAYS = re.compile(r"\$ (?:echo|printf|cat <<)\b")

INSTALL = re.compile(r"^.*pip install(?= )|^.*|#.*")  # what is around its packages
PACKAGE = re.compile(r'(?<=[ "])[A-Za-z][\w-]*(?=[ =<>~!"[]|$)')
KNOWN = PACKAGES | {"torch", "keras", "numpy", "uv", "ipykernel"}

PYTHON = ("python", "py", "python3", "py3")


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
    found: list[Fence] = []
    for number, line in enumerate(lines):
        inside = found and number < found[-1].end
        if not inside and (opener := OPENER.fullmatch(line)):
            found.append(_read(lines, number, opener))
    return found


def without(fences: list[Fence], text: str) -> list[str]:
    """The lines of a text with those of its fences blanked."""
    lines = text.split("\n")
    for fence in fences:
        lines[fence.line - 1 : fence.end] = [""] * (fence.end - fence.line + 1)
    return lines


def _read(lines: list[str], start: int, opener: re.Match) -> Fence:
    prefix, mark, info = opener.group("prefix", "mark", "info")
    inside = re.compile(f"[ >]{{0,{len(prefix)}}}")  # what may stand before its lines
    fault, body = "is not closed", []
    for line in lines[start + 1 :]:
        content = line[inside.match(line).end() :]
        if mark[0] in info:
            fault = "goes on after its mark"
            break
        if content.strip() and len(line) - len(content) < len(prefix):
            fault = "is cut short by a line that is indented less"
            break
        if content.rstrip() == mark:
            fault = ""
            break
        body.append(content if content.strip() else "")
    end = start + 1 + len(body) + (not fault)
    if LIST_ITEM.search(prefix):
        fault = fault or "starts on the line of a list item"
    return Fence(start + 1, end, prefix, info.strip(), "\n".join(body), fault)


def faults(fence: Fence) -> Iterator[tuple[int, str, str]]:
    """What is wrong with a typed fence: line, what, and how to fix it."""
    rows = fence.body.split("\n")
    python_rows = sum(bool(row.strip()) for row in rows) if fence.is_python else 0
    made = ".output" in fence.info or "data-" in fence.info
    if fence.fault:
        what = f"this fence {fence.fault}"
        yield fence.line, what, "give it lines of its own, all indented alike"
    elif made or fence.language == "text":
        what = "output typed by hand"
        yield fence.line, what, "include what a program printed: …:output"
    elif not fence.language:
        what = "a fence that names no language"
        yield fence.line, what, "name it behind the mark: python or console"
    elif fence.attribute("title") is not None:
        what = "a title on what was typed: only what is included has a title"
        yield fence.line, what, "leave the title out"
    elif python_rows > limits.TYPED:
        what = f"{python_rows} lines of Python typed into a page"
        yield fence.line, what, "make it a snippet and include its fragment"
    elif fence.is_python and _only_values(fence.body):
        what = "a value that no program printed"
        yield fence.line, what, "include what a program printed: …:output"
    elif fence.is_python:
        for number, what, fix in like_outputs(fence.body):
            yield fence.line + number, what, fix
    elif fence.language == "console":
        fix = "start commands with '$ '; output comes from snippets only"
        for number, row in enumerate(rows):
            # What goes on behind a backslash is indented.
            start = "    " if number and rows[number - 1].endswith("\\") else "$ "
            if row.strip() and not row.startswith(start):
                yield fence.line + 1 + number, "a console line that is no command", fix
            elif odd := {*PACKAGE.findall(INSTALL.sub("", row))} - KNOWN:
                what = f"installs '{min(odd)}', of which nothing here knows"
                yield fence.line + 1 + number, what, "correct it, or add it to KNOWN"
            elif SAYS.match(row):
                what = "prints by a command what no program printed"
                yield fence.line + 1 + number, what, "leave it out"
            elif re.search(r" #.*\d\s*$", row):
                what = "a comment in a command that ends in a number"
                yield fence.line + 1 + number, what, "say it above the fence"
    elif not fence.is_python:
        what = f"nobody runs a '{fence.language}' fence"
        yield fence.line, what, "make it a snippet; allowed are python and console"


def like_outputs(code: str) -> Iterator[tuple[int, str, str]]:
    """The comments of a program that a reader takes for what it printed."""
    for number, line in enumerate(code.split("\n"), 1) if "#" in code else ():
        if OUTPUT_LIKE.search(line):
            what = "a comment that looks like an output, and that nothing checks"
            yield number, what, "print it, or say it in other words"


def _only_values(code: str) -> bool:
    """Whether it is no program, but numbers or texts that look like an output."""
    try:
        lines = ast.parse(code).body
        values = [one.value for one in lines if isinstance(one, ast.Expr)]
        return len([ast.literal_eval(one) for one in values]) == len(lines) > 0
    except (SyntaxError, ValueError):
        return False
