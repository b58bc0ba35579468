"""Marks behind a number that tie it to what was printed, as in `a loss of 0.551{=}`.

A mark with `~` says where a text of a reader has it: see `harness/site/fills.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
VALUES = {word: Decimal(value) for value, word in enumerate(WORDS)}
VALUES |= {"once": Decimal(1), "twice": Decimal(2)}
SCALES = {"thousand": 3, "million": 6, "billion": 9}

SPACE = " \u00a0\u2009\u202f"  # plain, no-break, thin, narrow no-break
BETWEEN = f"[,_'’{SPACE}]"  # thousands
MINUS = "-\u2010\u2011\u2012\u2013\u2014\u2212"  # and what looks like it
DIGITS = rf"\d{{1,3}}(?:{BETWEEN}\d{{3}})+(?:\.\d+)?|\d*\.?\d+"
PLAIN = rf"[{MINUS}]?(?:{DIGITS})(?:[eE][-+]?\d+)?"
PRINTED = re.compile(rf"(?<![\w.]){PLAIN}%?")
DOTTED = r"\d+(?:[.-]\d+){2,}\w*"  # a version or a date, compared as text
MARK = re.compile(r"(?<=[\w%`)*°×])\{(?P<sign>[=~])(?P<place>[^{}\n]*)\}")
# The number that a mark ties: the last one before it, with a unit of up to three words.
WRITTEN = re.compile(
    rf"""(?P<number>(?<![\w.])(?:{DOTTED}|{PLAIN})
        |\b(?:{"|".join(VALUES)})\b)
        (?P<unit>[{SPACE}-]?%|(?:[{SPACE}-]?[^\W\d][\w/-]*|[{SPACE}]?×){{0,3}})
        [`)*"]*$""",
    re.VERBOSE | re.IGNORECASE,
)
NAMED = re.compile(r"`[^`]+`$|[\w.]+$")  # what a mark with ~ is about


def untied(text: str) -> str:
    """A text as its readers see it."""
    return MARK.sub("", text) if "{=" in text or "{~" in text else text


def without_tied(line: str) -> str:
    """A line without its ties and the numbers that they tie."""
    while mark := MARK.search(line) if "{" in line else None:
        written = WRITTEN if mark["sign"] == "=" else NAMED
        before = written.sub("", line[: mark.start()])
        line = before + line[mark.end() :]
    return line


@dataclass(frozen=True)
class Number:
    """A number as somebody wrote it: equal to what rounds to its digits."""

    text: str
    unit: str = ""

    @property
    def value(self) -> Decimal | None:
        """None for a version or a date."""
        if self.text.lower() in VALUES:
            return VALUES[self.text.lower()]
        return parsed(self.text)

    @property
    def words(self) -> list[str]:
        return self.unit.strip().split()

    def agrees(self, printed: str) -> bool:
        """Whether something printed says the same, to the digits written here."""
        value, other = self.value, parsed(printed.removesuffix("%"))
        if value is None or other is None:
            return self.text == printed
        step = Decimal(1).scaleb(value.as_tuple().exponent)
        same = {other}
        if "%" in self.unit and not printed.endswith("%"):
            same.add(other * 100)
        for word in self.words[:1]:
            same |= {other.scaleb(-SCALES[word])} if word in SCALES else set()
        return any(abs(one - value) <= step / 2 for one in same)

    def neighbours(self) -> Iterator["Number"]:
        """What a slip of one digit, or of the sign, would make of it."""
        if self.text.lower() in VALUES:
            others = (Number(one, self.unit) for one in WORDS)
            yield from (one for one in others if one.value != self.value)
            return
        for at, digit in enumerate(self.text):
            for other in "0123456789" if digit.isdigit() else "":
                if other != digit:
                    slip = f"{self.text[:at]}{other}{self.text[at + 1 :]}"
                    yield Number(slip, self.unit)
        bare = self.text.lstrip(MINUS)
        if self.value:
            yield Number(f"-{bare}" if bare == self.text else bare, self.unit)


@dataclass(frozen=True)
class Tie:
    line: int
    number: Number | None  # None where no number stands before the mark
    place: str  # between the braces, behind the sign of equality

    @property
    def source(self) -> str:
        """The snippet or file that it names; empty for the nearest snippet."""
        name = self.place.partition(":")[0].strip()
        return name if re.fullmatch(r"[\w.-]+(?:/[\w.-]+)+", name) else ""

    @property
    def pattern(self) -> str:
        """The piece of a printed line, with `#` in place of the number."""
        rest = self.place.strip()
        if self.source:
            rest = rest.removeprefix(self.source).strip().removeprefix(":")
        return rest.strip()

    def candidates(self, texts: list[str]) -> set[str]:
        """The printed numbers that it may mean."""
        if not self.pattern:
            return {one for text in texts for one in printed(text)}
        return {found["number"] for text in texts for found in self.places(text)}

    def places(self, text: str) -> Iterator[re.Match]:
        """Where a text has its pattern; the number is a group."""
        return self._place.finditer(text)

    @cached_property
    def _place(self) -> re.Pattern:
        before, after = map(_loose, self.pattern.split("#", 1))
        number = rf"(?P<number>{DOTTED}|{PLAIN}%?|\b(?:{'|'.join(VALUES)})\b)"
        return re.compile(rf"{before}(?<![\d.]){number}(?!\d|\.\d){after}")


def ties(lines: list[str]) -> Iterator[Tie]:
    """The ties of a text, by line."""
    for at, line in enumerate(lines, 1):
        for mark in MARK.finditer(line) if "{=" in line else ():
            if mark["sign"] != "=":
                continue
            found = WRITTEN.search(untied(line[: mark.start()]))
            number = Number(found["number"], found["unit"]) if found else None
            yield Tie(at, number, mark["place"])


def printed(text: str) -> set[str]:
    """The numbers of a text, as they stand there."""
    return {*PRINTED.findall(text), *re.findall(DOTTED, text)}


def parsed(text: str) -> Decimal | None:
    bare = re.sub(rf"(?<=\d){BETWEEN}(?=\d{{3}})", "", text)
    bare = re.sub(f"^[{MINUS}]", "-", bare)
    try:
        return Decimal(bare)
    except InvalidOperation:
        return VALUES.get(text)


def _loose(text: str) -> str:
    """A pattern for a text in which blanks may be of any number."""
    return r"\s+".join(re.escape(word) for word in re.split(r"\s+", text))
