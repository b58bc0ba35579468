"""What MkDocs will make of a page, by the extensions and the nav of `mkdocs.yml`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from harness.core.problem import Problem
from harness.core.tree import Tree

BUILT_IN = {"toc": {}, "tables": {}, "fenced_code": {}}  # MkDocs adds these itself
SNIPPETS = "pymdownx.snippets"
# Readers see these; the search and the gate do not.
QUOTES = "harness.site.quotes:QuotesExtension"
# A reference, a footnote or a mark of bold that stayed text.
UNDEFINED = re.compile(
    r"\[[^\[\]]+\]\[[^\[\]]*\]|\S*\[\^[^\]]*\]|(?<![\w*])\*\*\w+|[^\W\d]+\*\*(?![\w*])"
)


@dataclass
class Html:
    """The parts of a rendered page that can be checked."""

    code: list[str] = field(default_factory=list)  # texts of the code blocks
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    images: list[tuple[str, str]] = field(default_factory=list)  # source, alt text
    undefined: list[str] = field(default_factory=list)  # references, as written
    items: list[str] = field(default_factory=list)  # of lists: their numbers, or "-"
    sections: list = field(default_factory=list)


def whole(tree: Tree) -> dict:
    """All of `mkdocs.yml`. Raises FileNotFoundError, or Problem for what is no YAML."""
    import yaml
    from mkdocs.utils.yaml import get_yaml_loader

    source = tree.source(tree.root / "mkdocs.yml")
    try:
        return yaml.load(source, get_yaml_loader(yaml.CUnsafeLoader))  # knows !ENV
    except yaml.YAMLError as error:
        raise Problem.general(f"mkdocs.yml is no YAML: {error}") from error


def plain(tree: Tree) -> dict:
    """What it says of the site, without what is to be imported."""
    names = "site_name", "site_description", "site_url", "copyright", "nav"
    return {name: value for name, value in whole(tree).items() if name in names}


def extensions(tree: Tree) -> dict[str, dict]:
    """Those of Markdown, with their settings."""
    found = BUILT_IN.copy()
    for entry in whole(tree).get("markdown_extensions", []):
        named = entry if isinstance(entry, dict) else {entry: {}}
        found |= {name: given or {} for name, given in named.items()}
    return found


class Site:
    """The site that `mkdocs.yml` describes."""

    def __init__(self, tree: Tree):
        """Raises FileNotFoundError, or Problem for what is no YAML."""
        self.tree = tree
        self.file = tree.root / "mkdocs.yml"
        self.config = tree.known(f"{__name__}.plain")
        self.home = self.config.get("site_url") or ""

    @cached_property
    def _extensions(self) -> dict[str, dict]:
        return self.tree.known(f"{__name__}.extensions")

    def parts(self) -> Iterator[tuple[str, list[str]]]:
        """The parts of the nav with their files; one without a label names itself."""
        for entry in self.config.get("nav", []):
            parts = {entry: entry} if isinstance(entry, str) else entry
            for label, part in parts.items():
                yield label, [name for _, name in _leaves(part)]

    def labels(self) -> dict[str, str]:
        """The files of the nav, each with its name there; "" where it has none."""
        entries = _leaves(self.config.get("nav", []))
        return {entry: label for label, entry in entries if "://" not in entry}

    def expand(self, text: str, check: bool) -> str:
        """With includes in place. Raises SnippetMissingError if `check`."""
        import markdown

        given = {"base_path": [str(self.tree.fragments)], "check_paths": check}
        settings = {SNIPPETS: self._extensions.get(SNIPPETS, {}) | given}
        reader = markdown.Markdown(extensions=[SNIPPETS], extension_configs=settings)
        return "\n".join(reader.preprocessors["snippet"].run(text.split("\n")))

    def render(self, text: str) -> Html:
        """What becomes of a text whose includes are in place."""
        import markdown
        from bs4 import BeautifulSoup

        from harness.site.sections import sections

        apart = {SNIPPETS, QUOTES}
        given = {n: v for n, v in self._extensions.items() if n not in apart}
        with _uncoloured():
            html = markdown.markdown(text, extensions=[*given], extension_configs=given)
        page = BeautifulSoup(html, "html.parser")
        made, every = Html(sections=sections(page)), {}
        for tag in page.find_all(True):
            every.setdefault(tag.name, []).append(tag)
            made.ids += [tag["id"]] if "id" in tag.attrs else []
        made.code = [o.get_text() for o in every.get("pre", ()) if not _counts(o)]
        made.links = [o["href"] for o in every.get("a", ()) if "href" in o.attrs]
        made.items = [_item(o) for o in every.get("li", ()) if not o.get("id")]
        images = every.get("img", ())
        made.images = [(one.get("src", ""), one.get("alt", "")) for one in images]
        for tag in every.get("pre", []) + every.get("code", []):
            tag.decompose()
        for text in page.strings:
            made.undefined += UNDEFINED.findall(text)
        return made


@contextmanager
def _uncoloured() -> Iterator[None]:
    """Half of a page is colours, and half of the time: nothing here looks at them."""
    from pygments.lexers.special import TextLexer
    from pymdownx.highlight import Highlight

    lexer = Highlight.get_lexer  # of a language, and its name

    def bare(self, source, language, inline, stripnl):
        name = lexer(self, source, language, inline, stripnl)[1]
        return TextLexer(stripnl=stripnl), name

    Highlight.get_lexer = bare
    try:
        yield
    finally:
        Highlight.get_lexer = lexer


def _item(one) -> str:
    """What stands before an item of a list."""
    is_numbered = one.parent.name == "ol"
    return str(1 + len(one.find_previous_siblings("li"))) if is_numbered else "-"


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
