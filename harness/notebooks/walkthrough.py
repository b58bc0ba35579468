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

import jupytext
import nbformat
from nbformat import NotebookNode

from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.tree import Tree, read

FORMAT = "py:percent"
FRONT_MATTER = re.compile(r"# ---\n(?:#.*\n)*?# ---\n")
MARKER = re.compile(r"# %%(?P<rest>.*)")
INCLUDE = re.compile(
    r'[ ]*# --8<-- "(?P<path>[^":]+)(?::(?P<section>[-\w]+))?"[ ]*', re.ASCII
)
SECTION_MARK = re.compile(r"[ ]*# --8<-- \[(?:start|end):[-\w]+\][ ]*")
FIGURE = re.compile(r"# figure: +(?P<text>.*)")
CARRIES_ON = "#   "
# What mkdocs-jupyter shows as it was typed.
NOT_RENDERED = re.compile(r"\s*(?:!!!|\?\?\?|===[!+]? *\"|-+8<-)")
ACCELERATORS = ("GPU", "TPU")  # as Colab names them
NEVER = ("harness", "lab", "tests")  # a reader's machine has neither
# From where an imported name is installed, where the package is called otherwise.
PACKAGES = {"sklearn": "scikit-learn", "PIL": "pillow", "torch": '"torch>=2.7"'}


@dataclass(frozen=True)
class Line:
    """A line of a notebook, and where a person would fix it."""

    text: str
    path: str
    number: int


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

    @cached_property
    def source(self) -> str:
        """The prose: Markdown cells as Markdown, on the lines where they stand."""
        front = FRONT_MATTER.match(self.program)
        head = front.group().count("\n") if front else 0
        lines, inside = [], False
        for number, line in enumerate(self.program.split("\n")):
            if found := MARKER.fullmatch(line):
                inside, line = "[markdown]" in found["rest"], ""
            prose = line.startswith("#") and (inside or number < head)
            lines.append(re.sub("^# ?", "", line) if prose else "")
        return "\n".join(lines)

    @cached_property
    def lines(self) -> list[Line]:
        """The program with its includes in place, without front matter."""
        front = FRONT_MATTER.match(self.program)
        head = front.group().count("\n") if front else 0
        found = []
        for number, line in enumerate(self.program.split("\n"), 1):
            if number <= head:
                continue
            if include := INCLUDE.fullmatch(line):
                found += self._section(number, **include.groupdict())
            else:
                found.append(Line(line, self.shown, number))
        return found

    @cached_property
    def included(self) -> list[Path]:
        """The files that it includes a section of."""
        found = map(INCLUDE.fullmatch, self.program.split("\n"))
        return sorted({self.tree.root / one["path"] for one in found if one})

    @cached_property
    def cells(self) -> list[list[Line]]:
        """The lines of each cell, from its marker on."""
        found: list[list[Line]] = []
        for line in self.lines:
            if MARKER.fullmatch(line.text):
                found.append([])
            elif not found:
                if line.text.strip():
                    raise self.problem(line.number, *NO_CELL)
                continue
            found[-1].append(line)
        if not found:
            raise self.problem(0, *NO_CELL)
        return found

    def line(self, cell: int, number: int = 1) -> tuple[str, int]:
        """File and line of a line of a code cell, counted from 1."""
        body = _code(self.cells[cell])
        start = next((n for n, line in enumerate(body) if line.text.strip()), 0)
        if start + number - 1 < len(body):
            line = body[start + number - 1]
            return line.path, line.number
        marker = self.cells[cell][0]
        return marker.path, marker.number

    def notebook(self) -> NotebookNode:
        """The notebook before it is executed. Raises Problem."""
        text = "\n".join(
            line.text for cell in self.cells for line in [cell[0], *_code(cell)]
        )
        made = jupytext.reads(text, fmt=FORMAT)
        if len(made.cells) != len(self.cells):
            raise self.problem(0, "its cells cannot be told apart", "fix them")
        made.metadata = nbformat.from_dict(
            {
                "kernelspec": {
                    "display_name": "Python 3",
                    "language": "python",
                    "name": "python3",
                },
                "language_info": {"name": "python"},
            }
        )
        for number, (cell, lines) in enumerate(
            zip(made.cells, self.cells, strict=True)
        ):
            cell.id = f"cell-{number + 1}"
            if cell.cell_type == "code" and (words := _figure(lines)):
                cell.metadata["figure"] = words
        return made

    def requirements(self) -> list[str]:
        """What pip installs for its imports. Raises Problem."""
        names = set()
        for number, cell in enumerate(self.notebook().cells):
            if cell.cell_type == "code":
                names |= self._imports(number, cell.source)
        names -= set(sys.stdlib_module_names)
        return sorted(
            (PACKAGES.get(name, name) for name in names),
            key=lambda name: (not name.startswith('"torch'), name),
        )

    def problems(self) -> Iterator[Problem]:
        """What can be said against it before it is executed."""
        try:
            self.requirements()
        except Problem as fault:
            yield fault
            return
        accelerator = self.meta.get("accelerator")
        if accelerator not in (None, *ACCELERATORS):
            yield self.problem(
                1,
                f"Colab knows no accelerator '{accelerator}'",
                "name one of " + ", ".join(ACCELERATORS) + ", or leave it out",
            )
        for number, line in enumerate(self.outside, 1):
            if NOT_RENDERED.match(line):
                yield self.problem(
                    number,
                    f"a notebook shows '{line.strip()[:20]}' as it is typed",
                    "use plain Markdown: paragraphs, lists, tables, headings",
                )
        for fence in self.fences:
            if fence.is_python or fence.language == "pycon":
                yield self.problem(
                    fence.line, "code that nobody runs", "make it a code cell"
                )

    def _section(self, number: int, path: str, section: str | None) -> Iterator[Line]:
        """The lines of a file between two marks, dedented; all where none is named."""
        file = self.tree.root / path
        if not file.is_file():
            raise self.problem(
                number, f"there is no {path}", "name a file from the root"
            )
        lines = read(file).rstrip("\n").split("\n")
        first, last = 0, len(lines)
        if section:
            marks = [f"# --8<-- [{edge}:{section}]" for edge in ("start", "end")]
            bare = [line.strip() for line in lines]
            if any(bare.count(mark) != 1 for mark in marks):
                what = f"{path} has no section '{section}'"
                raise self.problem(
                    number, what, f"mark it by {marks[0]} and {marks[1]}"
                )
            first, last = bare.index(marks[0]) + 1, bare.index(marks[1])
        while last > first and not lines[last - 1].strip():
            last -= 1  # before the mark, a formatter leaves empty lines
        texts = textwrap.dedent("\n".join(lines[first:last])).split("\n")
        for at, text in enumerate(texts, first + 1):
            if not SECTION_MARK.fullmatch(text):
                yield Line(text, path, at)

    def _imports(self, cell: int, source: str) -> set[str]:
        """The packages that a code cell imports."""
        lines = source.split("\n")
        bare = ["pass" if line.startswith(("%", "!")) else line for line in lines]
        try:
            tree = ast.parse("\n".join(bare))
        except SyntaxError as error:
            what = f"this is no Python: {error.msg}"
            where = self.line(cell, error.lineno or 1)
            raise Problem(*where, what, "fix it") from None
        names = set()
        for node in ast.walk(tree):
            found = []
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found = [node.module or ""]
            roots = {name.split(".")[0] for name in found}
            if roots & set(NEVER):
                where = self.line(cell, node.lineno)
                what = f"imports {min(roots & set(NEVER))}, which no reader has"
                fix = 'include the code: # --8<-- "harness/…/file.py:section"'
                raise Problem(*where, what, fix)
            names |= roots
        return names


NO_CELL = ("a line that is in no cell", "begin it with '# %%' or '# %% [markdown]'")


def _is_code(cell: list[Line]) -> bool:
    return "[markdown]" not in cell[0].text and "[raw]" not in cell[0].text


def _split(cell: list[Line]) -> tuple[list[str], list[Line]]:
    """The words of a code cell's figure, and its other lines below the marker."""
    if not _is_code(cell):
        return [], cell[1:]
    words: list[str] = []
    rest = []
    for line in cell[1:]:
        if found := FIGURE.fullmatch(line.text):
            words.append(found["text"].strip())
        elif words and not rest and line.text.startswith(CARRIES_ON):
            words.append(line.text[1:].strip())
        elif rest or line.text.strip():
            rest.append(line)
    return words, rest


def _code(cell: list[Line]) -> list[Line]:
    return _split(cell)[1]


def _figure(cell: list[Line]) -> str:
    return " ".join(_split(cell)[0])


def find(tree: Tree) -> list[Walkthrough]:
    """The walkthroughs of a tree, by name."""
    names = [file.relative_to(tree.docs) for file in sorted(tree.docs.rglob("*.py"))]
    return [
        Walkthrough(tree, name.with_suffix(".ipynb").as_posix())
        for name in names
        if not any(part.startswith(".") for part in name.parts)  # Jupyter's copies
    ]
