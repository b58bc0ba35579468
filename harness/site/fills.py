"""What of a cause stands in its error text, too: there a reader's own may stand.

A tie says so where its pattern fits the text as torch prints it; so does a mark for
what is no number, or stands in no output: `Net`{~'#' object}. `{~dtype: Got: #}` is
behind the dtype of a name that the text has, as int64 is that of Long. The script
`recognise.js` puts a reader's values there, and finds them in the same way.
"""

import re
from collections.abc import Iterator
from functools import cache

from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.ties import MARK, Tie, untied
from harness.core.tree import HERE
from harness.site.tables.errors import Entry, listed

LINK = re.compile(r"\[((?:[^\[\]`]|`[^`]*`)+)\]\([^)]+\)")
CODE = re.compile(r"`([^`]+)`")
APART = re.compile(r"\{ \.(?:said|older) \}")
BEFORE = re.compile(r"`([^`]+)`$|([\w.]+)$")
ENDS = r"(?![\w.])"
DTYPE = "dtype:"
NAMED = "~"  # begins the pattern of a dtype in the index
SCRIPT = HERE.docs / "assets" / "javascripts" / "search" / "recognise.js"
# A number; sizes in brackets; sizes with x between them; a name or an expression.
FORMS = {
    r"-?\d+(?:\.\d+)?": r"-?\d+(?:\.\d+)?",
    r"[\[(][-\d, ]*[\])]": r"[\[(][-\d, ]*[\])]",
    r"\d+(?: ?x ?\d+)+": r"\d+(?: ?x ?\d+)*",
    r".+": r"""[^\s'"(),;!]+(?: int)?|[^'"]+?""",
}

Place = tuple[str, int, str]


def fills(page: Page) -> dict[str, list[Place]]:
    """By anchor: a text of the cause, how many of it stand before it, its pattern."""
    every = {}
    for entry in listed([page]):
        places = [place for _, place, _ in _places(entry) if place]
        if places:
            every[entry.anchor] = places
    return every


def check(page: Page) -> Iterator[Problem]:
    """The marks of a page that stand behind nothing that its error text has."""
    known = 0
    for entry in listed([page]):
        for sign, _, what in _places(entry):
            known += sign == "~"
            if what:
                fix = "write the value as the text has it, and # for it in the mark"
                yield page.problem(entry.line, what, fix)
    marks = sum(m["sign"] == "~" for line in page.marked for m in MARK.finditer(line))
    if marks > known:
        what = f"{marks - known} marks with ~ stand in no cause of an error text"
        yield page.problem(1, what, "leave them out")


def _places(entry: Entry) -> Iterator[tuple[str, Place | None, str]]:
    """For each mark of a cause its sign, its place if there is one, what is wrong."""
    cause = _cause(entry)
    gone = 0
    for mark in MARK.finditer(cause):
        end, gone = mark.start() - gone, gone + len(mark[0])
        pattern = mark["place"]
        if mark["sign"] == "=":
            pattern = Tie(0, None, pattern).pattern
        if pattern.startswith(DTYPE):
            pattern = NAMED + pattern.removeprefix(DTYPE).lstrip()
        before = _plain(untied(cause)[:end])
        told = BEFORE.search(untied(cause)[:end])
        ours = (told[1] or told[2]) if told else ""
        if "#" in pattern and ours and _value(entry.said, ours, pattern) == ours:
            plain, at = _plain(untied(cause)), len(before) - len(ours)
            times = sum(plain.startswith(ours, one) for one in range(at))
            yield mark["sign"], (ours, times, pattern), ""
        elif mark["sign"] == "~":
            yield "~", None, f"'{ours}' does not stand at '{pattern}' of {entry.name}"


def found(said: str, ours: str, pattern: str) -> re.Match | None:
    """What a text has in the place of a value of ours, as its only group."""
    parts = pattern.removeprefix(NAMED).split("#", 1)
    before, after = (re.escape(part).replace("…", ".*?") for part in parts)
    value = next(there for form, there in FORMS.items() if re.fullmatch(form, ours))
    ends = "" if ours[-1] in ")]" else ENDS
    return re.search(f"{before}({value}){after or ends}", said)


def _value(said: str, ours: str, pattern: str) -> str | None:
    place = found(said, ours, pattern)
    if place and pattern.startswith(NAMED):
        return dtypes().get(place[1].lower().removeprefix("c10::"))
    return place and place[1]


@cache
def dtypes() -> dict[str, str]:
    """The dtype behind each name that torch prints, as the script lists them."""
    text = SCRIPT.read_text(encoding="utf-8")
    (listed,) = re.findall(r"DTYPES = \{(.+?)\}", text, re.DOTALL)
    return dict(re.findall(r'(\w[\w ]*)"?: "(\w+)"', listed))


def _cause(entry: Entry) -> str:
    """The first paragraph below the error texts."""
    lines = entry.page.marked[entry.line : entry.end - 1]
    after = max((at for at, one in enumerate(lines) if APART.match(one)), default=-1)
    return "\n".join(lines[after + 1 :]).strip("\n").partition("\n\n")[0]


def _plain(text: str) -> str:
    """A text as it is rendered, without its looks."""
    pieces = CODE.split(LINK.sub(r"\1", text))
    pieces[::2] = [one.replace("*", "") for one in pieces[::2]]
    return " ".join("".join(pieces).split())
