"""A walkthrough: one lesson as py:percent, `docs/<topic>/<name>.py`.

To the gate it is a page: its prose, with code cells blank, on the same lines.
"""

import ast
import copy
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from harness.core import moment, page
from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.snippet import imports
from harness.core.ties import untied
from harness.core.tree import Tree

if TYPE_CHECKING:  # a tenth of a second
    from nbformat import NotebookNode

TITLE, INCLUDED = f"{__name__}.title", f"{__name__}.included"  # parts, see Memory
FRONT_MATTER = re.compile(r"# ---\n(?:#.*\n)*?# ---\n")
JUPYTER = re.compile(r"^# jupyter:.*\n(?:#  .*\n)*", re.MULTILINE)  # jupytext's header
MARKER = re.compile(r"#\s*%%.*")
CODE, FOLDED, PROSE = "# %%", '# %% tags=["fold"]', "# %% [markdown]"
RESULT = '# %% tags=["fold", "result"]'  # its pictures also open the page
TAGS = {CODE: [], FOLDED: ["fold"], RESULT: ["fold", "result"]}
INCLUDE = re.compile(r'[ ]*# --8<-- "(?P<path>[^":]+):(?P<section>[-\w]+)"[ ]*', re.A)
LIKE_INCLUDE = re.compile(r"\s*# -+8<-.*")
SECTION_MARK = re.compile(r"[ ]*# --8<-- \[(?:start|end):[-\w]+\][ ]*")
# On top of a cell: empty lines, and the words of what it draws.
TOP = re.compile(r"(?:\s*\n)?(?:# figure: +(?P<words>.*(?:\n#   .*)*)(?:\s*\n)?)?")
# What a notebook shows as it was typed, in Jupyter and on Colab.
NOT_RENDERED = re.compile(r"\s*(?:!!!|\?\?\?|===[!+]? *\"|-+8<-)")
MAGIC = re.compile(r"^[%!].*", re.MULTILINE)
NEVER = ("harness", "lab", "tests")  # a reader's machine has none of them
CLOCK = ("time.time", "time.time_ns")
DRAWS = re.compile(
    r"^(?!def|class|import|from)[^\s#][^#\n]*\b(?:torch|random|np\.random|numpy\.random)"
    r"\.(?:rand\w*|normal|bernoulli|multinomial|random|uniform|choice|shuffle)\(",
    re.MULTILINE,
)
SEED = re.compile(r"\bseed\(|manual_seed\(|generator=|random_state=")
# From where an imported name is installed, where the package is called otherwise.
PACKAGES = {"sklearn": "scikit-learn", "PIL": "pillow", "torch": '"torch>=2.7"'}
# Built for one torch: pip would bring the newest, and another torch with it.
WITH_TORCH = {"torchvision"}
LANGUAGE = {"name": "python"}  # whatever ran it
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# `proven` is what is known of its run.
METADATA = {"kernelspec": KERNEL, "language_info": LANGUAGE, "proven": {}}
SVG = "image/svg+xml"
PENDING = "*This notebook is being executed. Its outputs come in a minute.*"

NO_CELL = "a line that is in no cell", f"begin it with '{CODE}' or '{PROSE}'"
KINDS = " · ".join([*TAGS, PROSE])
NO_KIND = "a cell of a kind that nobody checks", f"allowed: {KINDS}"
NO_MARK = "text that does not begin with '#'", "begin each line with '# '"
NO_TAB = "a tab, for which a page shows spaces", "indent by spaces; in a text, \\t"
NO_FORM = "an include in a form that is not read", '# --8<-- "path/file.py:section"'


@dataclass(frozen=True)
class Line:
    """A line of a notebook, and where a person would fix it."""

    text: str
    path: str
    number: int

    def problem(self, what: str, fix: str) -> Problem:
        return Problem(self.path, self.number, what, fix)


@dataclass(frozen=True)
class Cell:
    marker: Line
    lines: list[Line]  # below the marker

    @property
    def kind(self) -> str:
        return self.marker.text.rstrip()

    @property
    def is_code(self) -> bool:
        return self.kind in TAGS

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @cached_property
    def top(self) -> re.Match:
        return TOP.match(self.text if self.is_code else "")

    @property
    def words(self) -> str:
        """The alt text of what it draws."""
        return re.sub(r"\s*\n#\s*", " ", self.top["words"] or "").strip()

    @property
    def source(self) -> str:
        text = self.text[self.top.end() :]
        return (text if self.is_code else untied(_plain(text))).strip("\n")

    def line(self, number: int) -> Line:
        """A line of its source, counted from 1."""
        at = self.top.group().count("\n") + number - 1
        return self.lines[at] if at < len(self.lines) else self.marker


@dataclass(frozen=True)
class Walkthrough(Page):
    """One walkthrough; `name` is that of its notebook, from which MkDocs renders it."""

    @property
    def path(self) -> Path:
        return super().path.with_suffix(".py")

    @property
    def notebook_path(self) -> Path:
        return self.tree.notebooks / self.name

    @cached_property
    def typed(self) -> str:
        return self.tree.source(self.path)

    @property
    def head(self) -> str:
        """The front matter as it is typed."""
        found = FRONT_MATTER.match(self.typed)
        return found.group() if found else ""

    @cached_property
    def source(self) -> str:
        """The prose: Markdown cells as Markdown, on the lines where they stand."""
        prose = [cell for cell in self.cells if cell.kind == PROSE]
        typed = {line.number: line.text for cell in prose for line in cell.lines}
        front = JUPYTER.sub(lambda found: "\n" * found.group().count("\n"), self.head)
        below = range(front.count("\n") + 1, self.typed.count("\n") + 2)
        return _plain(front + "\n".join(typed.get(number, "") for number in below))

    @property
    def cells(self) -> list[Cell]:
        """The cells, with includes in place."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[list[Cell], list[Problem]]:
        """The cells, and what is wrong with their lines."""
        cells: list[Cell] = []
        faults, head = [], self.head.count("\n")
        for number, text in enumerate(self.typed.split("\n")[head:], head + 1):
            line = Line(text, self.shown, number)
            if MARKER.match(text) or (text.strip() and not cells):
                cells.append(Cell(line, []))
                if not cells[-1].is_code and cells[-1].kind != PROSE:
                    fault = NO_KIND if MARKER.match(text) else NO_CELL
                    faults.append(self.problem(number, *fault))
            elif not cells:
                continue
            elif LIKE_INCLUDE.match(text) and cells[-1].is_code:
                try:
                    cells[-1].lines.extend(self._section(number, text))
                except Problem as fault:
                    faults.append(fault)
            else:
                cells[-1].lines.append(line)
                if cells[-1].kind == PROSE and text.strip() and text[0] != "#":
                    faults.append(self.problem(number, *NO_MARK))
        if not cells:
            faults.append(self.problem(0, *NO_CELL))
        return cells, faults

    def _section(self, number: int, include: str) -> Iterator[Line]:
        """The lines of a file between two marks, dedented. Raises Problem."""
        found = INCLUDE.fullmatch(include)
        if not found:
            raise self.problem(number, *NO_FORM)
        path, section = found.groups()
        file = self.tree.root / path
        if (whole := self.tree.text(file)) is None:
            what = f"there is no {path}"
            raise self.problem(number, what, "name a file from the root")
        lines = whole.split("\n")
        marks = [f"# --8<-- [{edge}:{section}]" for edge in ("start", "end")]
        bare = [line.strip() for line in lines]
        if any(bare.count(mark) != 1 for mark in marks):
            what = f"{path} has no section '{section}'"
            raise self.problem(number, what, f"mark it by {marks[0]} and {marks[1]}")
        first, last = bare.index(marks[0]) + 1, bare.index(marks[1])
        texts = textwrap.dedent("\n".join(lines[first:last])).split("\n")
        for at, text in enumerate(texts, first + 1):
            if not SECTION_MARK.fullmatch(text):
                yield Line(text, path, at)

    @cached_property
    def executed(self) -> "NotebookNode | None":
        """The notebook with its outputs, where that was made."""
        import nbformat

        data = self.tree.data(self.notebook_path)
        return nbformat.reads(data.decode(), as_version=4) if data else None

    @property
    def shown_as(self) -> "NotebookNode":
        """The notebook of its page; one that says so until it was executed."""
        from nbformat import v4

        made = self.notebook()
        made.cells.insert(1, v4.new_markdown_cell(PENDING, id="pending"))
        return self.executed or made

    def notebook(self) -> "NotebookNode":
        """The notebook before it is executed."""
        from nbformat import v4

        made = v4.new_notebook(metadata=copy.deepcopy(METADATA))
        for number, one in enumerate(self.cells, 1):
            facts = {"tags": [*tags]} if (tags := TAGS.get(one.kind)) else {}
            facts |= {"figure": one.words} if one.words else {}
            new = v4.new_code_cell if one.is_code else v4.new_markdown_cell
            made.cells.append(new(one.source, id=f"cell-{number}", metadata=facts))
        return made

    def requirements(self) -> list[str]:
        """What pip installs for its imports."""
        names = self._imports[0].keys() - sys.stdlib_module_names - WITH_TORCH
        return sorted(PACKAGES.get(name, name) for name in names)

    @cached_property
    def _imports(self) -> tuple[dict[str, Line], list[Problem]]:
        """Where each package is imported, and the cells that are no Python."""
        found, faults = {}, []
        for cell in self.cells:
            code = MAGIC.sub("pass", cell.source) if cell.is_code else ""
            try:
                program = ast.parse(code)
            except SyntaxError as error:
                what = f"this is no Python: {error.msg}"
                faults.append(cell.line(error.lineno or 1).problem(what, "fix it"))
            else:
                lines = imports(program).items()
                found |= {name: cell.line(number) for name, number in lines}
                asked = moment.asked(code, program, CLOCK)
                faults += (cell.line(n).problem(*fault) for n, *fault in asked)
        return found, faults

    def problems(self) -> Iterator[Problem]:
        """All that can be said against it before it is executed."""
        found, faults = self._imports
        yield from [*self._read[1], *faults]
        for name in found.keys() & NEVER:
            what = f"imports {name}, which no reader has"
            fix = 'include the code: # --8<-- "lab/…/file.py:section"'
            yield found[name].problem(what, fix)
        if "IPython" in found:
            what = "imports IPython, by which a cell can show what no code printed"
            yield found["IPython"].problem(what, "print it, or draw it by pyplot")
        yield from self._chance()
        yield from (unread := self.front_matter_problems())
        for key in {} if unread else self.meta.keys() - {"description", "search"}:
            what = f"nobody reads '{key}' in the front matter"
            yield self.problem(1, what, "drop it")
        for cell in self.cells:
            for line in cell.lines if cell.is_code else []:
                if "\t" in line.text:
                    yield line.problem(*NO_TAB)
                elif MAGIC.match(line.text):
                    what = "a command that is no Python, whose output nobody checks"
                    yield line.problem(what, "write it in Python, or say it in prose")
        for number, line in enumerate(self.outside, 1):
            if NOT_RENDERED.match(line) and number not in self.practise:
                what = f"a notebook shows '{line.strip()[:20]}' as it is typed"
                fix = "use plain Markdown: paragraphs, lists, tables, headings"
                yield self.problem(number, what, fix)
        for fence in self.fences:
            if fence.is_python:
                what, fix = "code that nobody runs", "make it a code cell"
                yield self.problem(fence.line, what, fix)

    def _chance(self) -> Iterator[Problem]:
        """The first cell that draws random numbers by itself before a seed is set."""
        for cell in self.cells if "rand" in self.typed else ():
            drawn = DRAWS.search(cell.source) if cell.is_code else None
            if SEED.search(cell.source):
                return
            if drawn:
                line = cell.line(cell.source.count("\n", 0, drawn.end()) + 1)
                what = "draws random numbers before a seed is set"
                yield line.problem(what, "begin with torch.manual_seed(0)")
                return


def weights(one: Walkthrough, suffix: str = ".pt") -> list[Path]:
    """The weights of this site that it names; with ".json", what is said of them."""
    words = "\n".join(cell.text for cell in one.cells)
    every = one.tree.files(one.tree.docs / "assets" / "weights", suffix)
    return [file for file in every if file.stem in words]


def of(tree: Tree, name: str) -> Page:
    """The page of that name, of either kind."""
    return (Walkthrough if name.endswith(".ipynb") else Page)(tree, name)


def every(tree: Tree) -> list[Page]:
    """The pages of both kinds."""
    return [*page.find(tree), *find(tree)]


def included(tree: Tree, name: str) -> list[tuple[str, str]]:
    """What a page includes, in order: names and sections."""
    return [(one.snippet, one.section) for one in of(tree, name).includes]


def title(tree: Tree, name: str) -> str:
    return of(tree, name).title or name


def find(tree: Tree) -> list[Walkthrough]:
    """The walkthroughs of a tree, by name."""
    names = [file.relative_to(tree.docs) for file in files(tree, ".py")]
    return [Walkthrough(tree, name.with_suffix(".ipynb").as_posix()) for name in names]


def files(tree: Tree, suffix: str) -> Iterator[Path]:
    """Those of `docs/`, without what readers download and what Jupyter keeps hidden."""
    for file in tree.files(tree.docs, suffix):
        if file.relative_to(tree.docs).parts[0] != "assets":
            yield file


def _plain(comments: str) -> str:
    return re.sub("^# ?", "", comments, flags=re.MULTILINE)


def shown(output: "NotebookNode") -> str:
    """The text of an output; empty for a picture."""
    if output.output_type == "stream":
        return output.text
    return output.get("data", {}).get("text/plain", "")
