"""What an author may write beside Markdown: few tags, attributes, and no entities.

Anything else could look like code, like an output or like a picture, and ran nowhere.
"""

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from harness.core.page import COMMENT, Page, resolve
from harness.core.tree import Tree

QUOTE = re.compile(r"(?<!`)(`+)(?!`)(?:.|\n(?!\n))+?(?<!`)\1(?!`)")  # inline code
TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][\w-]*)(?P<rest>(?:\"[^\"]*\"|'[^']*'|[^<>])*)>?"
)
ADDRESS = re.compile(r"<(?:https?:|mailto:)[^>\s]*>")
LIST = re.compile(r"\{:?[ ]*(?P<rest>(?:[.#][\w-]|[\w-]+=)[^{}\n]*)\}")
PART = re.compile(
    r"(?P<key>[\w:-]+)\s*=\s*(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>[^\s\"']+))"
)
ENTITY = re.compile(r"&(?!(?:lt|gt|amp);)#?\w+;")
SCRIPT = re.compile(
    r"<script\b(?P<rest>[^>]*)>(?P<inside>.*?)</script>", re.DOTALL | re.I
)
EMPTY = re.compile(r"<!---?>")  # to a browser; to others the beginning of a comment

TAGS = {"div", "p", "noscript", "script", "link"}
KEYS = {
    "class",
    "id",
    "href",
    "rel",
    "src",
    "type",
    "lang",
    "markdown",
    "width",
    "height",
}
OURS = re.compile(r"highlight|codehilite|output|ran|figure|plot|language-.*|filename")
PLAIN = "write it in Markdown, and include what a program printed or drew"
Fault = tuple[int, str, str]


def check(page: Page) -> Iterator[Fault]:
    """Line, what and how to fix it, of all that is no plain Markdown."""
    yield from faults("\n".join(page.outside), page.tree, page.name)


def faults(text: str, tree: Tree, name: str) -> Iterator[Fault]:
    """The same of a text whose fences are blank."""
    if not re.search("[<&{]", text):
        return
    for one in EMPTY.finditer(text):
        line = text.count("\n", 0, one.start()) + 1
        yield line, "a comment that is not closed", "end it by '-->'"
    text = COMMENT.sub(_blank, text) if "<!--" in text else text
    text = ADDRESS.sub(_blank, QUOTE.sub(_blank, text))
    seen = set()  # of a line, and of a tag that is opened and closed, once
    for at, what, fix in sorted(_found(text, tree, name)):
        line = text.count("\n", 0, at) + 1
        if not seen & {line, what}:
            yield line, what, fix
        seen |= {line, what}


def _found(text: str, tree: Tree, name: str) -> Iterator[tuple[int, str, str]]:
    for one in re.finditer("<!--", text):
        yield one.start(), "a comment that is not closed", "end it by '-->'"
    for one in ENTITY.finditer(text):
        if html.unescape(one.group()) != one.group():
            yield one.start(), f"the entity '{one.group()}'", "write the character"
    for one in SCRIPT.finditer(text):
        if one["inside"].strip():
            yield one.start(), "a script in the page", "put it into docs/assets/"
    for one in TAG.finditer(text):
        tag = one["name"].lower()
        if tag not in TAGS:
            yield one.start(), f"the tag <{tag}>", PLAIN
        else:
            yield from _attributes(one, tree, name)
    for one in LIST.finditer(text):
        yield from _attributes(one, tree, name)


def _attributes(one: re.Match, tree: Tree, name: str) -> Iterator[tuple[int, str, str]]:
    at, rest = one.start(), one["rest"]
    given = {
        part["key"].lower(): part["a"] or part["b"] or part["c"] or ""
        for part in PART.finditer(rest)
    }
    classes = given.get("class", "").split() + re.findall(r"(?:^|\s)\.([\w-]+)", rest)
    for key in given.keys() - KEYS:
        if not key.startswith("data-"):
            yield at, f"the attribute '{key}'", PLAIN
    for word in filter(OURS.fullmatch, classes):
        yield at, f"the class '{word}', which marks what a program made", PLAIN
    for key in ("src", "href") if "name" in one.re.groupindex else ():
        # In HTML a path is that of the page's own address.
        path = resolve(
            f"{name.removesuffix('.md')}/index.md", urlsplit(given.get(key, "")).path
        )
        if key in given and (
            urlsplit(given[key]).netloc or not tree.has(tree.docs / path)
        ):
            yield (
                at,
                f"'{given[key]}' is not a file of this site",
                "put it into docs/assets/",
            )


def _blank(found: re.Match) -> str:
    return re.sub(r"[^\n]", " ", found.group())
