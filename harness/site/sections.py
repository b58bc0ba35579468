"""The sections of a rendered page: what the search shows of each, and finds it by."""

import builtins
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, NavigableString, Tag

from harness.core.exercise import SECTION

HEADS = ("h1", "h2", "h3")
BLOCKS = {"p", "li", "dt", "dd", "tr", "summary"}  # each a line
APART = {"td", "th", "div", "br"}
# Links to other sections, what is said of each program, and what it printed.
SKIPPED = {"headerlink", "entries", "moved", "filename", "ran", "output"}
ERROR_TEXTS = {"said", "older"}
# A list of error texts that no program here raises begins each line with one.
REPORTED = re.compile(r"not run here|not reproduced")
NEXT = re.compile(r"Next[:,]? ")
LITERAL = re.compile(r"#.*|(\"\"\"|\"|').*?\1")
NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?=(\()?)")
TELLING = re.compile(r"[A-Z_]")  # in a name that is more than a word
KNOWN = {*keyword.kwlist, *dir(builtins), "__name__"}
DRAWING = {"matplotlib", "pyplot", "plt", "fig", "ax", "axes"}  # nobody's question


@dataclass
class Section:
    anchor: str
    title: str
    text: str = ""  # a line for each paragraph
    names: list[str] = field(default_factory=list)  # of programs
    said: list[str] = field(default_factory=list)  # error texts, also old wordings


def sections(page: BeautifulSoup) -> list[Section]:
    """In their order, without what only leads on or is hidden from the search."""
    found, practises = [Section("", "")], False
    for part in _parts(page):
        if isinstance(part, str):
            found[-1].text += part
        elif part.name == "p":
            found[-1].said += [_line(code.get_text()) for code in part("code")]
        elif part.name == "pre":
            found[-1].names += names(part.get_text())
        else:
            title = _plain(_line("".join(_parts(part))))
            practises = title == SECTION or practises and part.name == "h3"
            # Exercises are listed on a page, and no answers to a question.
            hidden = practises or part.has_attr("data-search-exclude")
            found.append(Section(part["id"], "" if hidden else title))
    firsts = (one.find(True, recursive=False) for one in page("li"))
    for item in (one for one in firsts if one is not None and one.name == "code"):
        heading = item.find_previous(HEADS)
        if heading and REPORTED.search(heading.get_text()):
            next(one for one in found if one.anchor == heading.get("id")).said.append(
                _line(item.get_text())
            )
    for one in found:
        one.text = "\n".join(_lines(one))
        one.names = [*dict.fromkeys(one.names)]
    return [one for one in found if one.title not in ("", "Try it")]


def names(program: str) -> Iterator[str]:
    """What a program calls, imports or defines; no variables of one word."""
    for found in NAME.finditer(LITERAL.sub("", program)):
        first, _, rest = found[0].partition(".")
        name = (rest or first).rpartition(".")[2]
        told = rest or TELLING.search(name) or found[1]
        if told and first not in DRAWING and len(name) > 2 and name not in KNOWN:
            yield name


def _parts(tag: Tag) -> Iterator[str | Tag]:
    """The text, and whole the tags that are none: headings, programs, error texts."""
    for child in tag.children:
        if isinstance(child, NavigableString):
            yield child.replace("\n", " ")
            continue
        classes = {*child.get("class", [])}
        leads_on = child.name == "p" and NEXT.match(child.get_text())
        opens = child.name == "summary" and "example" in tag.get("class", [])
        if classes & SKIPPED or leads_on or opens:
            continue
        heading = child.name in HEADS and child.get("id")
        if child.name == "pre" or heading or classes & ERROR_TEXTS:
            yield child
        elif child.name == "code":
            yield f"`{child.get_text()}`"
        else:
            apart = " " if child.name in APART else ""
            apart = "\n\n" if child.name in BLOCKS else apart
            yield apart
            yield from _parts(child)
            yield apart


def _lines(one: Section) -> Iterator[str]:
    """Its text; of a fix, code in backticks, as the box for a traceback shows it."""
    for line in filter(None, map(_line, one.text.split("\n\n"))):
        yield line if one.said and line.startswith("Fix:") else _plain(line)


def _plain(text: str) -> str:
    return text.replace("`", "")


def _line(text: str) -> str:
    return " ".join(text.split())
