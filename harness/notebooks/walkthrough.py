"""A walkthrough: one lesson as py:percent, `docs/<topic>/<name>.py`.

To the gate it is a page: its prose, with code cells blank, on the same lines.
"""

import ast
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.tree import Tree, read

FRONT_MATTER = re.compile(r"# ---\n(?:#.*\n)*?# ---\n")
JUPYTER = re.compile(r"^# jupyter:.*\n(?:#  .*\n)*", re.MULTILINE)  # jupytext's header
MARKER = re.compile(r"#\s*%%.*")
CODE, FOLDED, PROSE = "# %%", '# %% tags=["fold"]', "# %% [markdown]"
INCLUDE = re.compile(r'[ ]*# --8<-- "(?P<path>[^":]+):(?P<section>[-\w]+)"[ ]*', re.A)
LIKE_INCLUDE = re.compile(r"\s*# -+8<-.*")
SECTION_MARK = re.compile(r"[ ]*# --8<-- \[(?:start|end):[-\w]+\][ ]*")
FIGURE = re.compile(r"# figure: +(?P<text>.*)")
CARRIES_ON = "#   "
# What a notebook shows as it was typed, in Jupyter and on Colab.
NOT_RENDERED = re.compile(r"\s*(?:!!!|\?\?\?|===[!+]? *\"|-+8<-)")
NEVER = ("harness", "lab", "tests")  # a reader's machine has none of them
# From where an imported name is installed, where the package is called otherwise.
PACKAGES = {"sklearn": "scikit-learn", "PIL": "pillow", "torch": '"torch>=2.7"'}
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

NO_CELL = "a line that is in no cell", f"begin it with '{CODE}' or '{PROSE}'"
NO_KIND = "a cell of a kind that nobody checks", f"allowed: {CODE} · {FOLDED} · {PROSE}"
NO_MARK = "text that does not begin with '#'", "begin each line with '# '"
NO_TAB = "a tab, for which a page shows spaces", "indent by spaces; in a text, \\t"
NO_FORM = "an include in a form that is not read", '# --8<-- "path/file.py:section"'


@dataclass(frozen=True)
class Line:
    """A line of a notebook, and where a person would fix it."""

    text: str
    path: str
    number: int


@dataclass(frozen=True)
class Cell:
    marker: Line
    lines: list[Line]  # below the marker

    @property
    def kind(self) -> str:
        return self.marker.text.rstrip()

    @cached_property
    def figure(self) -> list[Line]:
        """The lines on top that say what a code cell draws."""
        found: list[Line] = []
        for line in self.lines if self.kind != PROSE else []:
            carries_on = found and line.text.startswith(CARRIES_ON)
            if line.text.strip() and not (FIGURE.match(line.text) or carries_on):
                break
            found.append(line)
        return found

    @property
    def body(self) -> list[Line]:
        return self.lines[len(self.figure) :]

    @property
    def words(self) -> str:
        """The alt text of what it draws."""
        lines = [FIGURE.sub(r"\g<text>", line.text) for line in self.figure]
        return " ".join(line.lstrip("# ").strip() for line in lines).strip()

    @property
    def source(self) -> str:
        lines = [line.text for line in self.body]
        if self.kind == PROSE:
            lines = [re.sub("^# ?", "", line) for line in lines]
        return "\n".join(lines).strip("\n")


@dataclass(frozen=True)
class Walkthrough(Page):
    """One walkthrough; `name` is that of its notebook, from which MkDocs renders it."""

    @property
    def path(self) -> Path:
        return super().path.with_suffix(".py")

    @property
    def notebook_path(self) -> Path:
        return self.tree.docs / self.name

    @cached_property
    def program(self) -> str:
        return read(self.path)

    @property
    def head(self) -> str:
        """The front matter as it is typed."""
        found = FRONT_MATTER.match(self.program)
        return found.group() if found else ""

    @cached_property
    def source(self) -> str:
        """The prose: Markdown cells as Markdown, on the lines where they stand."""
        lines = [""] * (self.program.count("\n") + 1)
        front = JUPYTER.sub(lambda found: "\n" * found.group().count("\n"), self.head)
        lines[: front.count("\n")] = front.split("\n")[:-1]
        for cell in self.cells:
            for line in cell.lines if cell.kind == PROSE else []:
                lines[line.number - 1] = line.text
        return "\n".join(re.sub("^# ?", "", line) for line in lines)

    @property
    def cells(self) -> list[Cell]:
        """The cells, with includes in place."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[list[Cell], list[Problem]]:
        """The cells, and what is wrong with their lines."""
        cells: list[Cell] = []
        faults, head = [], self.head.count("\n")
        for number, text in enumerate(self.program.split("\n"), 1):
            prose = bool(cells) and cells[-1].kind == PROSE
            if number <= head or not (cells or text.strip()):
                continue
            if MARKER.match(text):
                cells.append(Cell(Line(text, self.shown, number), []))
                if cells[-1].kind not in (CODE, FOLDED, PROSE):
                    faults.append(self.problem(number, *NO_KIND))
            elif not cells:
                faults = faults or [self.problem(number, *NO_CELL)]
            elif LIKE_INCLUDE.match(text) and not prose:
                try:
                    cells[-1].lines.extend(self._section(number, text))
                except Problem as fault:
                    faults.append(fault)
            else:
                cells[-1].lines.append(Line(text, self.shown, number))
                if prose and text.strip() and text[0] != "#":
                    faults.append(self.problem(number, *NO_MARK))
        if not cells and not faults:
            faults.append(self.problem(0, *NO_CELL))
        return cells, faults

    def _section(self, number: int, include: str) -> Iterator[Line]:
        """The lines of a file between two marks, dedented. Raises Problem."""
        found = INCLUDE.fullmatch(include)
        if not found:
            raise self.problem(number, *NO_FORM)
        path, section = found.groups()
        file = self.tree.root / path
        if not file.is_file():
            what = f"there is no {path}"
            raise self.problem(number, what, "name a file from the root")
        lines = read(file).rstrip("\n").split("\n")
        marks = [f"# --8<-- [{edge}:{section}]" for edge in ("start", "end")]
        bare = [line.strip() for line in lines]
        if any(bare.count(mark) != 1 for mark in marks):
            what = f"{path} has no section '{section}'"
            raise self.problem(number, what, f"mark it by {marks[0]} and {marks[1]}")
        first, last = bare.index(marks[0]) + 1, bare.index(marks[1])
        while last > first and not bare[last - 1]:
            last -= 1  # before the mark, a formatter leaves empty lines
        texts = textwrap.dedent("\n".join(lines[first:last])).split("\n")
        for at, text in enumerate(texts, first + 1):
            if not SECTION_MARK.fullmatch(text):
                yield Line(text, path, at)

    def line(self, cell: int, number: int = 1) -> tuple[str, int]:
        """File and line of a line of a code cell, counted from 1."""
        body = self.cells[cell].body
        line = body[number - 1] if number <= len(body) else self.cells[cell].marker
        return line.path, line.number

    def notebook(self) -> NotebookNode:
        """The notebook before it is executed."""
        made = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL})
        made.metadata["language_info"] = {"name": "python"}  # whatever ran it
        for number, one in enumerate(self.cells, 1):
            new = nbformat.v4.new_code_cell
            if one.kind == PROSE:
                new = nbformat.v4.new_markdown_cell
            made.cells.append(new(one.source, id=f"cell-{number}"))
            made.cells[-1].metadata |= {"tags": ["fold"]} if one.kind == FOLDED else {}
            made.cells[-1].metadata |= {"figure": one.words} if one.words else {}
        return made

    def requirements(self) -> list[str]:
        """What pip installs for its imports."""
        names = self._imports[0] - set(sys.stdlib_module_names)
        return sorted(
            (PACKAGES.get(name, name) for name in names),
            key=lambda name: (not name.startswith('"torch'), name),
        )

    @cached_property
    def _imports(self) -> tuple[set[str], list[Problem]]:
        """The packages that its cells import, and what is wrong with that."""
        names, faults = set(), []
        for at, cell in enumerate(self.cells):
            bare = re.sub("(?m)^[%!].*", "pass", cell.source)
            try:
                tree = ast.parse(bare if cell.kind != PROSE else "")
            except SyntaxError as error:
                where, what = self.line(at, error.lineno or 1), error.msg
                faults.append(Problem(*where, f"this is no Python: {what}", "fix it"))
                continue
            for node in ast.walk(tree):
                found = [getattr(node, "module", None) or ""]
                if isinstance(node, ast.Import):
                    found = [alias.name for alias in node.names]
                for root in {name.split(".")[0] for name in found} - {""}:
                    names.add(root)
                    if root in NEVER:
                        what = f"imports {root}, which no reader has"
                        fix = 'include the code: # --8<-- "lab/…/file.py:section"'
                        faults.append(Problem(*self.line(at, node.lineno), what, fix))
        return names, faults

    def problems(self) -> Iterator[Problem]:
        """All that can be said against it before it is executed."""
        yield from self._read[1]
        yield from self._imports[1]
        yield from (unread := self.front_matter_problems())
        for key in {} if unread else self.meta.keys() - {"description"}:
            yield self.problem(
                1, f"nobody reads '{key}' in the front matter", "drop it"
            )
        for cell in self.cells:
            for line in cell.lines if cell.kind != PROSE else []:
                if "\t" in line.text:
                    yield Problem(line.path, line.number, *NO_TAB)
        for number, line in enumerate(self.outside, 1):
            if NOT_RENDERED.match(line):
                what = f"a notebook shows '{line.strip()[:20]}' as it is typed"
                fix = "use plain Markdown: paragraphs, lists, tables, headings"
                yield self.problem(number, what, fix)
        for fence in self.fences:
            if fence.is_python:
                what, fix = "code that nobody runs", "make it a code cell"
                yield self.problem(fence.line, what, fix)


def find(tree: Tree) -> list[Walkthrough]:
    """The walkthroughs of a tree, by name."""
    names = [file.relative_to(tree.docs) for file in sorted(tree.docs.rglob("*.py"))]
    return [
        Walkthrough(tree, name.with_suffix(".ipynb").as_posix())
        for name in names
        if not any(part.startswith(".") for part in name.parts)  # Jupyter's copies
    ]
