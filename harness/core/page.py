"""A page: one Markdown file under `docs/`, and the parts that its author typed."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from harness.core import limits
from harness.core.characters import ESCAPE
from harness.core.exercise import SECTION
from harness.core.fences import CONTAINER, Fence, scan, without
from harness.core.problem import Problem
from harness.core.ties import untied
from harness.core.tree import Tree

FRONT_MATTER = re.compile(r"(?s)\A---[ \t]*\n(?P<yaml>.*?\n)?(?:---|\.{3})[ \t]*\n")
SEARCHED = re.compile(r"^search:\n(?: .*\n)+", re.MULTILINE)  # of the front matter
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
WORD = re.compile(r"\b[\w'’-]+\b")
PRACTISE = re.compile(rf"(?m)^## {SECTION}\n(?:(?!## |Next[:,] ).*(?:\n|\Z))*")
HEAD_ID = re.compile(r" *\{ *#[-\w]+ *\}$")
LINKED = re.compile(r"\]\([^)]*\)")  # the address of a link
HEADED = f"{__name__}.headed"  # a part, see Memory
MADE = ("data-snippet", "data-start", "data-output")  # name a program
LISTS = ("errors/", "reference/")
CUT = re.compile(rf"{CONTAINER}-+8<-+.*")
INCLUDE = re.compile(
    r"""[ ]*-+8<-+\ +(?P<quote>["'])
        (?P<target>[^:"']+?)(?::(?P<section>[a-z][-_0-9a-z]*))?(?P=quote)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Include:
    line: int
    target: str  # file below build/fragments
    section: str  # "" for the whole fragment

    @property
    def snippet(self) -> str:
        return self.target.removesuffix(".md")

    def shows(self, part: str) -> bool:
        return self.section in ("", part)


@dataclass(frozen=True)
class Page:
    """One page; `name` is its path below `docs/`."""

    tree: Tree
    name: str

    @property
    def path(self) -> Path:
        return self.tree.docs / self.name

    @property
    def shown(self) -> str:
        return self.tree.show(self.path)

    @property
    def typed(self) -> str:
        """The whole file."""
        return self.source

    @cached_property
    def source(self) -> str:
        return self.tree.source(self.path)

    @cached_property
    def text(self) -> str:
        """What is shown, with the front matter blanked, so that line numbers stay."""
        return untied(FRONT_MATTER.sub(_blank, self.source, count=1))

    @cached_property
    def meta(self) -> dict:
        """The front matter; raises yaml.YAMLError."""
        front = FRONT_MATTER.match(self.source)
        found = yaml.load(front["yaml"] or "", yaml.CSafeLoader) if front else None
        return found if isinstance(found, dict) else {}

    @property
    def moved(self) -> bool:
        """Whether it only leads from an old address to where its parts are now."""
        try:
            return self.meta.get("moved") is True
        except yaml.YAMLError:
            return False

    @cached_property
    def fences(self) -> list[Fence]:
        return scan(self.text)

    @cached_property
    def outside(self) -> list[str]:
        """The lines with those of fences blanked."""
        return without(self.fences, self.text)

    @property
    def title(self) -> str:
        """What its first heading says; empty where it has none."""
        heads = (line[2:] for line in self.outside if line.startswith("# "))
        return HEAD_ID.sub("", next(heads, ""))

    @cached_property
    def includes(self) -> list[Include]:
        """The includes in the one form that this project allows."""
        return [
            Include(number, found["target"], found["section"] or "")
            for number, line in enumerate(self.outside, 1)
            if (found := INCLUDE.fullmatch(line.rstrip()))
        ]

    @property
    def prose(self) -> list[str]:
        """What the author says: no fence, include or comment, but the description."""
        return [untied(line) for line in self.marked]

    @cached_property
    def marked(self) -> list[str]:
        """The prose with its ties."""
        source = SEARCHED.sub(_blank, self.source, count=1)
        text = COMMENT.sub(_blank, "\n".join(without(self.fences, source)))
        return ["" if CUT.fullmatch(line) else line for line in text.split("\n")]

    @cached_property
    def practise(self) -> range:
        """The lines of the exercises."""
        text = "\n".join(self.outside)
        found = PRACTISE.search(text)
        start, end = found.span() if found else (0, 0)
        return range(text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1)

    def line_of(self, part: str) -> int:
        """The first line that holds some text as a whole; 0 where none does."""
        whole = re.compile(rf"(?<![\w./#-]){re.escape(part)}(?![\w/#-]|\.\w)")
        lines = enumerate(self.text.split("\n"), 1)
        return next((number for number, line in lines if whole.search(line)), 0)

    def origin(self, fence: Fence) -> int:
        """The line of this page that a fence of the expanded page comes from."""
        name = next(filter(None, map(fence.attribute, MADE)), None)
        for typed in self.fences:
            if name is None and typed.body == fence.body:
                return typed.line
        return next((i.line for i in self.includes if i.snippet == name), 0)

    def problems(self) -> Iterator[Problem]:
        """What is wrong with its front matter, or its length if it is no list."""
        yield from self.front_matter_problems()
        prose = self.prose
        for line in self.practise:
            prose[line - 1] = ""
        words = len(WORD.findall(LINKED.sub("]", "\n".join(prose))))
        if words > limits.WORDS and not self.name.startswith(LISTS):
            what = f"{words:,} words, more than {limits.WORDS:,}"
            yield self.problem(0, what, "make two pages of it")

    def front_matter_problems(self) -> list[Problem]:
        front = FRONT_MATTER.match(self.source)
        for number, line in enumerate(front.group().split("\n") if front else (), 1):
            if found := ESCAPE.search(line):
                what = f"an escape, {found.group()}…, which hides what it says"
                return [self.problem(number, what, "write the character")]
        try:
            if isinstance(self.meta.get("description"), str):
                return []
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            what = f"the front matter is no YAML: {str(error).splitlines()[0]}"
            line = mark.line + 2 if mark else 1  # below the line ---
            return [self.problem(line, what, "put a text with a colon in quotes")]
        fix = "add 'description: one sentence for search engines'"
        return [self.problem(1, "the front matter has no description", fix)]

    def problem(self, line: int, what: str, fix: str) -> Problem:
        return Problem(self.shown, line, what, fix)


def _blank(found: re.Match) -> str:
    return "\n" * found.group().count("\n")


def resolve(name: str, path: str) -> str:
    """The file below `docs/` that a path means on the page of that name."""
    if not path:
        return name
    folder = "" if path.startswith("/") else posixpath.dirname(name)
    return posixpath.normpath(posixpath.join(folder, path.lstrip("/")))


def find(tree: Tree) -> list[Page]:
    files = tree.files(tree.docs, ".md")
    return [Page(tree, file.relative_to(tree.docs).as_posix()) for file in files]


def headed(tree: Tree, name: str) -> Iterator[tuple[str, str]]:
    """The programs of a page, each with the heading above it."""
    one, head = Page(tree, name), ""
    shown = {include.line: include.snippet for include in one.includes}
    for number, line in enumerate(one.outside, 1):
        if line.startswith("#"):
            head = line.lstrip("# ")
        elif head and number in shown:
            yield shown[number], head


def plain(address: str) -> str:
    """An address without what does not tell two sources apart."""
    return urlsplit(address)._replace(fragment="").geturl().rstrip("/")
