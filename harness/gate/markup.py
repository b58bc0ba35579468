"""What an author may write beside Markdown: few tags, attributes, and no entities.

Anything else could look like code, like an output or like a picture, and ran nowhere.
"""

import html
import itertools
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
BARE = re.compile(  # where attr_list takes words: a line, a heading's end, after markup
    r"(?m)(?:^[ >]*(?:#.*[ ])?(?=\{[^{}\n]*\}[ ]*$)|[)\]*])"
    r"\{:?[ ]*(?=[A-Za-z])(?P<rest>[\w-]+(?![\w=-])[^{}\n]*)\}"
)
PART = re.compile(
    r"(?P<key>[\w:-]+)\s*=\s*(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>[^\s\"']+))"
)
ENTITY = re.compile(r"&(?!(?:lt|gt|amp);)#?\w+;")
SCRIPT = re.compile(r"<script\b[^>]*>(?P<inside>.*?)</script>", re.DOTALL | re.I)
# What opens a fold or a tab, with no line below it that is indented for it.
FOLD = re.compile(r"(?m)^( *)(?:\?{3}\+?|={3}[!+]?) .*\n(?: *\n)*(?! *\n|\1 {4})")
RULER = re.compile(r"[ >|:-]*-[ >|:-]*")  # below the head of a table
EMPTY = re.compile(r"<!---?>")  # to a browser; to others the beginning of a comment

TAGS = {"div", "p", "noscript", "script", "link"}
KEYS = {*"class id href rel src type lang markdown width height".split()}
OURS = re.compile(r"highlight|codehilite|output|ran|figure|plot|language-.*|filename")
PLAIN = "write it in Markdown, and include what a program printed or drew"
Fault = tuple[int, str, str]


def check(page: Page) -> Iterator[Fault]:
    """Line, what and how to fix it, of all that is no plain Markdown."""
    yield from faults("\n".join(page.outside), page.tree, page.name)
    for one in FOLD.finditer(page.text):
        line = page.text.count("\n", 0, one.start()) + 1
        yield line, "a fold or tab with nothing in it", "indent its text by 4"
    width = 0
    for number, line in enumerate(page.outside, 1):
        if "|" not in line or RULER.fullmatch(line):
            width = _cells(line)
        elif width > 1 and _cells(line) != width:
            what = f"{_cells(line)} cells in a table of {width} columns"
            yield number, what, "write each bar that ends no cell as \\|"


def _cells(row: str) -> int:
    row = QUOTE.sub("", row).replace("\\|", "").strip(" >")
    return row.removeprefix("|").removesuffix("|").count("|") + ("|" in row)


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
    for one in itertools.chain(LIST.finditer(text), BARE.finditer(text)):
        yield from _attributes(one, tree, name)


def _attributes(one: re.Match, tree: Tree, name: str) -> Iterator[tuple[int, str, str]]:
    at, rest = one.start(), one["rest"]
    given = {
        part["key"].lower(): part["a"] or part["b"] or part["c"] or ""
        for part in PART.finditer(rest)
    }
    classes = given.get("class", "").split() + re.findall(r"(?:^|\s)\.([\w-]+)", rest)
    bare = {word.lower() for word in PART.sub(" ", rest).split() if word[0].isalpha()}
    for key in (given.keys() | bare) - KEYS:
        if not key.startswith("data-"):
            yield at, f"the attribute '{key}'", PLAIN
    for word in filter(OURS.fullmatch, classes):
        yield at, f"the class '{word}', which marks what a program made", PLAIN
    is_tag, page = "name" in one.re.groupindex, f"{name.removesuffix('.md')}/index.md"
    for key in given.keys() & {"src", "href"} if is_tag else ():
        to = urlsplit(given[key])  # in HTML, from the page's own address
        if to.netloc or not tree.has(tree.docs / resolve(page, to.path)):
            what = f"'{given[key]}' is not a file of this site"
            yield at, what, "put it into docs/assets/"


def _blank(found: re.Match) -> str:
    return re.sub(r"[^\n]", " ", found.group())
