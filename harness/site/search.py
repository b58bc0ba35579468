"""What the site's search reads: the sections of all pages, in one script.

A script, not JSON, because a page that was opened from a disk may load nothing else.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from markdown.extensions.toc import slugify

from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.site.copies import place
from harness.site.fills import fills

if TYPE_CHECKING:  # what it needs takes a tenth of a second
    from harness.site.sections import Section

NAME = "pages.js"
RELATED = Path(__file__).with_name("related.txt")  # what words of readers stand for
REST = 3000  # characters of what a section has beyond that
STEP = 34  # added to how many sections further a word stands, it is a letter
SHOWN = 230  # characters of a section that may stand in an excerpt
WORD = re.compile(r"[^\W\d][\w.]*\w")
ENDING = re.compile(r"(?<=\w{4})(?:s|es|d|ed|ing)$")
WORDS = HERE.docs / "assets" / "javascripts" / "search" / "words.js"
TOP = "top"  # stands for the page in place of an anchor
FORM = (
    f"write '{TOP}: [words, …]' below 'search:', or an anchor of the page for '{TOP}'"
)


def check(page: Page, ids: list[str]) -> Iterator[Problem]:
    """What is wrong with the words by which a page wants to be found."""
    try:
        given = page.meta.get("search", {})
    except yaml.YAMLError:
        return  # the page itself says so
    lines = page.source.split("\n")
    line = next((n for n, one in enumerate(lines, 1) if one.startswith("search:")), 0)
    if not isinstance(given, dict) or not all(map(_is_list, given.values())):
        what = "the words for the search are no lists of words"
        yield page.problem(line, what, FORM)
        return
    for anchor in given.keys() - {TOP, *ids}:
        what = f"the words for the search name '{anchor}', an anchor that is not here"
        yield page.problem(line, what, FORM)


def _is_list(given) -> bool:
    return isinstance(given, list) and all(isinstance(word, str) for word in given)


def script(found: dict[str, tuple[str, list]], labels: dict[str, str]) -> str:
    """The index: pages, sections column by column, words that are not shown.

    Each word has a letter for each section, then for each with a program that names it.
    """
    heads, rows = [], []
    for name, (title, sections) in found.items():
        if sections:
            address = place(name).removesuffix("index.md")
            rows += ([len(heads), *section] for section in sections)
            heads.append([address, title, labels.get(name, "")])
    *columns, rest, names = zip(*rows, strict=True)
    words, last = defaultdict(str), defaultdict(lambda: -1)
    for at, hidden in enumerate(rest + names):
        for word in sorted(hidden):
            words[word] += chr(STEP + at - last[word])
            last[word] = at
    related = RELATED.read_text(encoding="utf-8").splitlines()
    whole = {"pages": heads, "sections": columns, "related": related}
    whole["words"] = [" ".join(words), " ".join(words.values())]
    made = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return f"self.SEARCH = {made}\n"


def rows(page: Page, sections: list["Section"]) -> tuple[str, list[list]]:
    """The title of a page and what is known of its sections; none of one that moved."""
    if page.moved or not sections:
        return "", []
    return page.title or page.meta["title"], [*_rows(page, sections)]


def _rows(page: Page, sections: list["Section"]) -> Iterator[list]:
    """An anchor is nothing on top of the page; see `_anchor`."""
    words, filled = page.meta.get("search", {}), fills(page)
    for at, one in enumerate(sections):
        anchor = _anchor(one)
        found_by, text = words.get(one.anchor, []), one.text
        if at == 0:
            anchor, text = "", f"{page.meta['description']}\n{text}"
            found_by = found_by + words.get(TOP, [])
        told = {*WORD.findall(text)}
        names = [name for name in one.names if name not in told]
        shown, rest = _halves(text, " ".join([one.title, *found_by]))
        row = [anchor, one.title, shown, found_by, one.said, filled.get(one.anchor, 0)]
        yield [*row, rest, names]


def _anchor(one: "Section") -> str | int | None:
    """Nothing where the title makes it, and 0 where the error text does."""
    if one.anchor == slugify(one.title, "-"):
        return None
    text = one.said[0].partition(": ")[2] if one.said else ""
    return 0 if one.anchor == slugify(text, "-") else one.anchor


def _halves(text: str, told: str) -> tuple[str, list[str]]:
    """What may be shown, with the whole of a fix, and the words that the rest adds."""
    fix = re.search(r"\nFix:.*", text)
    end = max(SHOWN, fix.end() if fix else 0)
    shown = text[:end]
    if text[end:] and not text[end].isspace():
        shown = shown.rpartition(" ")[0]
    known = {_bare(word) for word in WORD.findall(f"{told} {shown}")}
    rest = {_bare(word): word for word in WORD.findall(text[len(shown) : REST])}
    new = (word for bare, word in rest.items() if bare not in known)
    return shown, [word for word in new if word.lower() not in _ignored()]


def _bare(word: str) -> str:
    """A word without its ending; a name as it is."""
    return ENDING.sub("", word.lower()) if word[1:].islower() else word


@lru_cache(maxsize=1)
def _ignored() -> frozenset[str]:
    """Words that the search passes over, as its own script lists them."""
    text = WORDS.read_text(encoding="utf-8")
    (listed,) = re.findall(r"STOP = new Set\((.+?)\.split", text, re.DOTALL)
    return frozenset("".join(re.findall('"(.*?)"', listed)).split())
