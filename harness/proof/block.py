"""A block of a page: the job that runs it, and what it is judged by."""

import json
import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pytest_codeblocks.main import CodeBlock

from harness.core.directives import PACKAGES, Directives, parse
from harness.core.snippet import Snippet, digest
from harness.core.tree import Tree
from harness.judge.subject import Subject, of_snippet
from harness.run import trial
from harness.run.job import Job
from harness.run.options import Options

# Above each program of `build/pages` and of the README: its page and line, its file.
ORIGIN = re.compile(
    r"<!-- (?:(?P<page>\S+):(?P<line>\d+)(?: · |(?= -->)))?"
    r"(?:snippets/(?P<snippet>\S+)\.py)? ?-->"
)


@dataclass(frozen=True)
class Block:
    tree: Tree
    page: str  # the file that a person edits
    line: int  # there: of the include, or of the fence
    code: str
    printed: str | None  # what the page shows below it
    snippet: Snippet | None  # that it is a copy of

    @cached_property
    def directives(self) -> Directives:
        """Raises Problem where they are wrong."""
        if self.snippet:
            return parse(self.code, self.tree.show(self.snippet.path))
        return parse(self.code, self.page, above=self.line)

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def key(self) -> str:
        """Equal for blocks that are the same program with the same output."""
        name = self.snippet.name if self.snippet else ""
        return digest(json.dumps([name, self.code, self.printed]))

    @property
    def elsewhere(self) -> str:
        """The reason why this lane leaves it to another one; "" where it runs here."""
        others = sorted(self.directives.needs & {"cuda", *PACKAGES})
        needs = f"needs {', '.join(others)}" if others else ""
        return needs or trial.unquoted(self.directives.needs)

    def job(self, folder: Path, options: Options) -> Job:
        """The job that runs its own bytes, from a file of the snippet's name."""
        name = self.snippet.path.name if self.snippet else "block.py"
        file = folder / self.key / name
        file.parent.mkdir(parents=True)
        file.write_text(self.code, encoding="utf-8")
        return trial.job(file, self.code, self.directives, options)

    def subject(self, path: str) -> Subject:
        """What the judge needs to know; typed code may print what it likes."""
        run = {"path": path, "source": self.code, "directives": self.directives}
        if self.snippet is None:
            root = str(self.tree.root)
            more = {"shown": self.page, "offset": self.line, "root": root}
            return Subject(**run, **more, silent=True)
        recorded = of_snippet(self.snippet)
        expected = replace(recorded.expected, name=self.where, text=self.printed or "")
        return replace(recorded, **run, expected=expected)


def of(tree: Tree, file: Path, found: CodeBlock) -> Block:
    """The block that pytest-codeblocks found in a file."""
    lines = file.read_text(encoding="utf-8").split("\n")[: found.lineno - 1]
    above = next((line for line in reversed(lines) if line.strip()), "")
    origin = ORIGIN.fullmatch(above.strip())
    page, line, snippet = tree.show(file), found.lineno, None
    if origin and origin["page"]:
        page, line = origin["page"], int(origin["line"])
    if origin and origin["snippet"]:
        snippet = Snippet(tree, origin["snippet"])
    return Block(tree, page, line, found.code, found.expected_output, snippet)
