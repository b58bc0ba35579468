"""What is judged: a program, what it promises, and what it is compared with."""

import json
from dataclasses import dataclass
from pathlib import Path

from harness.core import records
from harness.core.directives import BUILDS, Directives
from harness.core.problem import Problem
from harness.core.snippet import Snippet
from harness.core.tree import HERE, Tree, lines


@dataclass(frozen=True)
class Expected:
    """What a program must print and draw again."""

    name: str  # of the file that holds the text, as a difference names it
    text: str | None  # None where nothing is recorded
    figure: dict | None = None
    svg: str | None = None  # the picture; None where another lane drew it
    tolerance: float | None = None  # relative, of floats that another card computes


@dataclass(frozen=True)
class Subject:
    """A program: a snippet, or a fence that was typed into a page."""

    path: str  # of the program as it ran: what it warns itself comes from there
    shown: str  # of the file that a person edits
    source: str
    directives: Directives
    offset: int = 0  # from a line of the program to one of that file
    root: str = ""  # of the project: a path that no output may name
    figure: str = ""  # the name of the SVG that it may draw
    record: str = ""  # the command that records it; "" for what nobody records
    silent: bool = False  # no page shows what it prints
    expected: Expected | None = None  # None where there is nothing to compare with

    def problem(self, what: str, fix: str, line: int = 0) -> Problem:
        """A problem at a line of the program; 0 means all of it."""
        return Problem(self.shown, line + self.offset, what, fix)


def of_snippet(snippet: Snippet, lane: str = "cpu", compare: bool = True) -> Subject:
    """The subject of a snippet; without `compare`, what is recorded is left aside."""
    tree, expected = snippet.tree, None
    if compare:
        file, data = snippet.expected(lane)
        drawn = json.loads(read(data) or "null")
        svg = None if lane in BUILDS else read(snippet.figure)
        expected = Expected(tree.show(file), read(file), drawn, svg)
    return Subject(
        path=str(snippet.path),
        shown=tree.show(snippet.path),
        source=snippet.source,
        directives=snippet.directives,
        root=str(tree.root),
        figure=snippet.figure.name,
        record=record_command(snippet, lane),
        expected=expected,
    )


def record_command(snippet: Snippet, lane: str = "cpu") -> str:
    """The command that records it, on the lane that does."""
    own = snippet.directives.lane
    return records.command(lane if lane in ("gpu", *BUILDS) else own, [snippet.name])


def read(file: Path, tree: Tree = HERE) -> str | None:
    """The text of an output; None where there is none."""
    data = tree.data(file)
    return None if data is None else lines(data.decode("utf-8", "backslashreplace"))
