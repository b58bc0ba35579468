"""Whether the numbers of an author were printed by a machine, or have a source."""

import re
from collections.abc import Iterator
from functools import lru_cache

from harness.core import limits
from harness.core.page import Page, plain
from harness.core.problem import Problem
from harness.core.ties import BETWEEN, SPACE, without_tied
from harness.site.markdown import Html

DATE = r"\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d)?"
NUMBER = rf"{DATE}|(?:\d+(?:\.\d+)*|\.\d+)(?:[eE][+-]?\d+)?"
UNIT = rf"""
    [{SPACE}]?(?:
        %|‰|°C|percent|[µμnm]s|min|[kKMGT]i?B(?:/s)?|bytes?|bits?|px|pixels?
        |[kMG]?Hz|[kMGTP]?FLOPS?(?:/s)?|[kMGTP]?FLOP/s|k?W|watts?
        |(?:milli|micro|nano)?seconds?|secs?|minutes?|mins|hours?|hrs?
        |days?|weeks?|months?|years?|thousand|[mb]illion|[kKMB]
        |[x×](?![{SPACE}]?\d))
    |[{SPACE}][a-z]+(?:/s|[{SPACE}](?:per|a|an)[{SPACE}](?:second|minute|hour))
    |(?:[{SPACE}]|(?<![01]))[sh]       # 10 s, 25s; but not the plural of 0 and 1
    |[{SPACE}-]?(?:x-)?fold
    |[{SPACE}]times[ ](?:as|faster|slower|larger|smaller|more|less|longer|shorter)"""
CLAIM = re.compile(
    rf"(?<![\w.])(?P<money>[$€£])?(?P<number>{NUMBER})(?P<unit>{UNIT})?(?!\w|\.\d)",
    re.VERBOSE,
)
ANYWHERE = re.compile(NUMBER)
GROUPED = re.compile(rf"(?<![\d.])\d{{1,3}}(?:{BETWEEN}\d{{3}})+(?!\d)")
NOT_PROSE = re.compile(
    r"\]\([^)\s]*|^\[(?!\^)[^\]]+\]:\s*\S+|</?[A-Za-z][^>]*>|https?://\S+|&#?\w+;"
    r"|\{\s*:?\s*(?:[.#][\w-]|[\w-]+=)[^}]*\}"
)  # the addresses of links, tags, entities, attributes
MARKS = re.compile(r"[<>{}()\[\]=]")
AT_END = re.compile(r"\d[\d.]*$")
QUOTE = re.compile(r"(`+)(?P<code>.+?)\1")
PROVE = (
    "tie it to an output by '{=}' behind it, link a source of recorded/sources.yml, "
    "or leave it out"
)


def claims(line: str) -> Iterator[tuple[str, str]]:
    """The numbers of a line that need a proof: as looked up, and as written."""
    for found in CLAIM.finditer(_join(NOT_PROSE.sub("]", line))):
        number = found["number"]
        mantissa = re.sub(r"\D", "", re.split("[eE]", number)[0])
        bare = not (found["unit"] or found["money"])
        if not bare or len(mantissa.lstrip("0")) >= limits.DIGITS:
            yield _canonical(number), found.group().strip()


@lru_cache(maxsize=4096)  # while serving, most texts are those of the last edit
def tokens(text: str) -> set[str]:
    """Every number that occurs in a text, in the form in which claims look it up."""
    found = set()
    for number in ANYWHERE.findall(text) + ANYWHERE.findall(_join(text)):
        found.add(_canonical(number))
        separator = "-" if "-" in number and "e" not in number.lower() else "."
        parts = number.split(separator)
        if separator == "-" or len(parts) > 2:  # a version or date proves its beginning
            found.update(separator.join(parts[:n]) for n in range(1, len(parts)))
    return found


def check(page: Page, shown: list[str], cited: list[str]) -> Iterator[Problem]:
    """The numbers of a page's prose that nothing proves.

    Three things do: a tie, an inline quote of what the page shows, and a source.
    """
    known = set().union(*map(tokens, cited))
    following = [*page.marked[1:], ""]
    for number, (line, below) in enumerate(zip(page.marked, following, strict=True), 1):
        if AT_END.search(line) and (unit := below.split(" ")[0].strip(".,;:")):
            line = f"{line} {unit}"
        rest = QUOTE.sub(lambda found: _unless_shown(found, shown), without_tied(line))
        for token, written in dict(claims(rest)).items():
            if token not in known:
                what = f"nothing is tied to '{written}', and no source holds it"
                yield page.problem(number, what, PROVE)


def _unless_shown(quote: re.Match, shown: list[str]) -> str:
    code = MARKS.sub(" ", quote.group())  # nothing in it is a link or a tag
    if CLAIM.fullmatch(quote["code"]):
        return code  # a number by itself stands somewhere in most outputs
    parts = map(str.strip, re.split("…|\\.{3}", quote["code"]))
    return "" if all(_stands(part, shown) for part in parts) else code


def _stands(part: str, shown: list[str]) -> bool:
    """Whether it is there whole, and no part of a longer number."""
    return any(
        _is_whole(text, part, at) for text in shown for at in _places(text, part)
    )


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _is_whole(text: str, part: str, at: int) -> bool:
    before, after = text[:at][-1:], text[at + len(part) :][:2]
    longer = after[:1].isdecimal() or after[:1] == "." and after[1:].isdecimal()
    return not (before.isdecimal() or before == "." or longer)


def _join(text: str) -> str:
    """A text with the separators between thousands removed."""
    return GROUPED.sub(lambda found: re.sub(r"\D", "", found.group()), text)


def _canonical(number: str) -> str:
    """2.50 and 2.5 are the same number, 3.10 and 3.1 are taken for it."""
    if re.fullmatch(r"\d*\.\d+", number):
        return number.rstrip("0").rstrip(".").removeprefix("0") or "0"
    return number


def cited(html: Html, read: dict[str, list[str]]) -> list[str]:
    """What the sources hold that a page links."""
    links = set(map(plain, html.links))
    return ["\n".join(holds) for address, holds in read.items() if address in links]
