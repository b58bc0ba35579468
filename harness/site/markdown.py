"""What MkDocs will make of a page, by the extensions and the nav of `mkdocs.yml`."""

import importlib.metadata
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from unittest.mock import patch

import markdown
import yaml
from bs4 import BeautifulSoup
from mkdocs.utils.yaml import get_yaml_loader
from pygments.lexers.special import TextLexer
from pymdownx.highlight import Highlight

from harness.core import records
from harness.core.problem import Problem
from harness.core.snippet import digest
from harness.core.tree import Tree
from harness.site.sections import Section, sections

BUILT_IN = {"toc": {}, "tables": {}, "fenced_code": {}}  # MkDocs adds these itself
SNIPPETS = "pymdownx.snippets"
MAKERS = ("Markdown", "Pygments", "beautifulsoup4", "pymdown-extensions")
ADDRESS = re.compile(" at 0x[0-9a-f]+")  # of a function, another one in each run
LEXER = Highlight.get_lexer  # of a language, and its name
LOADER = get_yaml_loader(yaml.CUnsafeLoader)  # knows !ENV
UNDEFINED = re.compile(r"\[[^\[\]]+\]\[[^\[\]]*\]")  # a reference that stayed text


@dataclass
class Html:
    """The parts of a rendered page that can be checked."""

    code: list[str] = field(default_factory=list)  # texts of the code blocks
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    images: list[tuple[str, str]] = field(default_factory=list)  # source, alt text
    undefined: list[str] = field(default_factory=list)  # references, as written
    sections: list[Section] = field(default_factory=list)


@cache
def _makers() -> tuple[list[str], str]:
    """The packages that render pages, and our code that does."""
    versions = [importlib.metadata.version(name) for name in MAKERS]
    files = Path(__file__), Path(sys.modules[Section.__module__].__file__)
    return versions, "".join(file.read_text(encoding="utf-8") for file in files)


class Stopped(Exception):
    """What was asked for is wanted no more."""


class Site:
    """The site that `mkdocs.yml` describes."""

    def __init__(self, tree: Tree, stop: Callable[[], bool] = lambda: False):
        """Raises FileNotFoundError, or Problem for what is no YAML.

        Where much is still to do, `stop` may end it: Stopped.
        """
        self._stop = stop
        self.tree = tree
        self.file = tree.root / "mkdocs.yml"
        self.source = self.file.read_text(encoding="utf-8")
        try:
            self.config = yaml.load(self.source, LOADER)
        except yaml.YAMLError as error:
            raise Problem.general(f"mkdocs.yml is no YAML: {error}") from error
        self._settings = BUILT_IN.copy()
        for entry in self.config.get("markdown_extensions", []):
            named = entry if isinstance(entry, dict) else {entry: {}}
            self._settings |= {name: given or {} for name, given in named.items()}
        self._snippets = self._settings.pop(SNIPPETS, {})
        self._snippets["base_path"] = [str(tree.fragments)]
        # What decides, besides its text, what becomes of a page.
        self._maker = ADDRESS.sub("", repr((_makers(), self._settings)))
        # What an earlier run rendered, by the digest of all that it depends on.
        self._kept, self._used = tree.build / "rendered.json", {}
        try:
            self._known = json.loads(self._kept.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            self._known = {}

    def keep(self) -> None:
        """Keep what this run rendered for the next one."""
        records.write(self._kept, json.dumps(self._used))

    def nav(self) -> list[str]:
        """The files that the nav names; empty where there is no nav."""
        return [*self.labels()]

    def parts(self) -> Iterator[tuple[str, list[str]]]:
        """The parts of the nav with their files; one without a label names itself."""
        for entry in self.config.get("nav", []):
            parts = {entry: entry} if isinstance(entry, str) else entry
            for label, part in parts.items():
                yield label, [name for _, name in _leaves(part)]

    def labels(self) -> dict[str, str]:
        """What the nav calls each of its files; nothing where it takes the title."""
        entries = _leaves(self.config.get("nav", []))
        return {entry: label for label, entry in entries if "://" not in entry}

    def expand(self, text: str, check: bool) -> str:
        """With includes in place. Raises SnippetMissingError if `check`."""
        settings = {SNIPPETS: self._snippets | {"check_paths": check}}
        reader = markdown.Markdown(extensions=[SNIPPETS], extension_configs=settings)
        return "\n".join(reader.preprocessors["snippet"].run(text.split("\n")))

    def render(self, text: str) -> Html:
        """What becomes of a text whose includes are in place; once for each text."""
        key = digest(f"{self._maker}\n{text}")
        if key not in self._used:
            if key not in self._known:
                self.go_on()
            self._used[key] = self._known.get(key) or asdict(self._render(text))
        made = Html(**self._used[key])
        made.sections = [Section(**one) for one in made.sections]
        return made

    def go_on(self) -> None:
        """Raises Stopped, once `stop` says so; what was rendered is kept."""
        if self._stop():
            self._used = self._known | self._used
            self.keep()
            raise Stopped

    def _render(self, text: str) -> Html:
        given = self._settings
        # Half of a page is colours, and half of the time: nothing here looks at them.
        with patch.object(Highlight, "get_lexer", _uncoloured):
            html = markdown.markdown(text, extensions=[*given], extension_configs=given)
        page = BeautifulSoup(html, "html.parser")
        made = Html(
            code=[one.get_text() for one in page("pre") if not _counts(one)],
            ids=[tag["id"] for tag in page(id=True)],
            links=[link["href"] for link in page("a", href=True)],
            images=[(one.get("src", ""), one.get("alt", "")) for one in page("img")],
            sections=sections(page),
        )
        for tag in page(["pre", "code"]):
            tag.decompose()
        for text in page.strings:
            made.undefined += UNDEFINED.findall(text)
        return made


def _uncoloured(
    self: Highlight, source: str, language: str, inline: bool, stripnl: bool
) -> tuple[TextLexer, str]:
    return TextLexer(stripnl=stripnl), LEXER(self, source, language, inline, stripnl)[1]


def _counts(block) -> bool:
    """Whether it has the numbers of lines, in a column of their own."""
    return any("linenos" in above.get("class", ()) for above in block.parents)


def _leaves(entry, label: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(entry, str):
        yield label, entry
    elif isinstance(entry, dict):
        for label, part in entry.items():
            yield from _leaves(part, label)
    else:
        for part in entry or []:
            yield from _leaves(part)
