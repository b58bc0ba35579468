"""Characters that a reader does not see, or takes for others."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

# What a text has beside plain ASCII, and the words with it.
ODD = re.compile(r"[^\n\x20-\x7e]")
SPACES = "\u00a0\u2009\u202f"  # which prose may have, a program may not
BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters without ink
SCRIPTS = set("LATIN CJK HIRAGANA KATAKANA HANGUL GREEK MICRO MODIFIER".split())
GREEK_TWINS = set("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορτυγικ")  # of Latin letters
ESCAPE = re.compile(r"\\[xuU][0-9A-Fa-f]{2}")  # in YAML


def name(character: str) -> str:
    """A character in words; "" is the end of a line."""
    words = unicodedata.name(character, "") if character else "the end of the line"
    code = f" U+{ord(character):04X}" if character and words else ""
    return f"{words or repr(character)}{code}"


@cache
def is_hidden(character: str) -> bool:
    kind = unicodedata.category(character)
    varies = unicodedata.name(character, "").startswith("VARIATION SELECTOR")
    space = kind == "Zs" and character not in SPACES
    is_mark = varies or character in BLANK
    return kind[0] == "C" or kind in ("Zl", "Zp") or space or is_mark


@cache
def is_foreign(character: str) -> bool:
    """Whether it is a letter, digit or fraction that no page is written in."""
    kind, words = unicodedata.category(character), unicodedata.name(character, "")
    is_other = kind[0] == "L" and words.split(" ")[0] not in SCRIPTS
    return is_other or kind in ("Nd", "Nl") or "FRACTION" in words


def hidden(text: str, allowed: str = SPACES) -> Iterator[tuple[int, str, str]]:
    """Line, column and character of what nobody sees, the first of each line."""
    for number, line in enumerate(text.split("\n"), 1):
        for found in ODD.finditer(line):
            one = found.group()
            if one not in allowed and (is_hidden(one) or one in SPACES):
                yield number, found.start() + 1, one
                break


def faults(text: str, is_code: bool = False) -> Iterator[tuple[int, str, str]]:
    """What is wrong with the characters of a text: line, what, and how to fix it."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return
    seen = set()
    for number, column, one in hidden(text, "\t" if is_code else f"\t{SPACES}"):
        seen.add(number)
        what = f"a character that nobody sees: {name(one)} in column {column}"
        yield number, what, "take it out, or write what it stands for"
    for number, line in enumerate(text.split("\n"), 1):
        if not line.isascii() and number not in seen and (one := _twin(line)):
            what = f"a look-alike: {name(one)} in column {line.index(one) + 1}"
            yield number, what, "write it in plain letters and digits"


def _twin(line: str) -> str:
    """The first character of a line that a reader takes for another one."""
    for word in re.findall(r"\w*[^\W\x00-\x7f]\w*", line):
        latin = re.search("[A-Za-z]", word)
        for one in word:
            if not one.isascii() and (is_foreign(one) or latin and one in GREEK_TWINS):
                return one
    return ""
