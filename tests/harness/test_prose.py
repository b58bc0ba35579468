"""Which numbers in a sentence are claims, and which texts prove them."""

import pytest

from harness.core import characters
from harness.core.fences import faults as fence_faults
from harness.core.fences import scan
from harness.core.tree import HERE
from harness.gate.markup import faults
from harness.gate.numbers import claims, tokens

CLAIMS = {
    "three digits": ("It has 439 rows", ["439"]),
    "a fraction": ("It is 0.125", [".125"]),
    "a fraction without its zero": ("It is .125 of it", [".125"]),
    "two digits": ("It is 0.05 or 25 or 1.5", []),
    "zeros count": ("All 100 of them", ["100"]),
    "seconds": ("It takes 5 s, or 25s.", ["5", "25"]),
    "money": ("It costs $0.05, not 5.", [".05"]),
    "milliseconds": ("It takes 5 ms, 5 µs", ["5", "5"]),
    "percent": ("From 5 % to 7%", ["5", "7"]),
    "times": ("It is 3× faster, 2x as fast, 4 times faster", ["3", "2", "4"]),
    "time, spelt": ("5 sec, 10 mins, 2 hrs, 3 weeks, 2 years", [*"5", "10", *"232"]),
    "power": ("It draws 12 W or 2 kW", ["12", "2"]),
    "counts": ("25 million, 2 billion, 350M and 7B", ["25", "2", "350", "7"]),
    "fold": ("A 3-fold gain", ["3"]),
    "memory": ("Needs 2 GB, 3 MiB and 4 bytes", ["2", "3", "4"]),
    "rate": ("At 89 GFLOP/s", ["89"]),
    "rate of things": ("9 tokens/s, 8 images per second, 7 a minute", ["9", "8"]),
    "exponent": ("Within 4.21e-7 of it", ["4.21e-7"]),
    "thousands": ("1,234 or 12 345 or 1_000_000", ["1234", "12345", "1000000"]),
    "version": ("Since 2.13.0, not 3.9", ["2.13.0"]),
    "date": ("On 2016-09-01, in 2016", ["2016-09-01", "2016"]),
    "heading": ("## 128 words", ["128"]),
    "code": ("`torch.ones(128)`", ["128"]),
    "link text": ("[128 words](https://example.org/999)", ["128"]),
    "address": ("<https://example.org/999> https://example.org/999", []),
    "names": ("float32, Conv2d, x86_64, sm_100, utf-8, H200", []),
    "hash": ("82318263a1 and 1a2b3c", []),
    "shape": ("2x3 and 2 x 3, 28×28, a 3D one, the 100th", []),
    "plural": ("Only 1s and 0s", []),
    "attributes": ("![a](b.svg){ width=400 } {: #x100 }", []),
    "tag": ('<div style="width:400px">', []),
    "comparison": ("`loss < 0.125 and step > 5`", [".125"]),
    "words that begin like a unit": ("3 samples, 2 minor, 5 hands, 4 xyz", []),
}


@pytest.mark.parametrize(("line", "found"), CLAIMS.values(), ids=CLAIMS)
def test_a_number_is_a_claim_by_its_digits_or_its_unit(line, found):
    assert [number for number, _ in claims(line)] == found


PROOFS = {
    "itself": ("loss 0.125", ".125"),
    "trailing zeros": ("tensor(2.5000)", "2.5"),
    "thousands": ("11_689_512", "11689512"),
    "parts of a shape": ("torch.Size([1,200])", "200"),
    "inside a name": ("float32", "32"),
    "a version's beginning": ("2.13.0+cpu", "2.13"),
    "a date's year": ("2016-09-01", "2016"),
    "exponent": ("tensor(4.21e-07) 4.21e-7", "4.21e-7"),
}


WHOLE = {
    "10.5": "10.5",
    "0.125 of 2.50": ".125 2.5",
    "2.13.0": "2 2.13 2.13.0",
    "2016-09-01": "2016 2016-09 2016-09-01",
    "2016-09": "2016 2016-09",
    "4.2e-7": "4.2e-7",
    "1,234": "1 234 1234",
}


@pytest.mark.parametrize(("text", "found"), WHOLE.items(), ids=WHOLE)
def test_a_text_proves_nothing_else(text, found):
    assert tokens(text) == {*found.split()}


@pytest.mark.parametrize(("text", "number"), PROOFS.values(), ids=PROOFS)
def test_a_text_proves_the_numbers_in_it(text, number):
    assert number in tokens(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("10.5", ".5"), ("0.1257", ".125"), ("4096", "096"), ("1.0.5", ".5")],
)
def test_a_part_of_a_number_is_not_proven(text, number):
    assert number not in tokens(text)


SCANNED = {
    "closed": ("a\n```py\nb\n```\nc", [(2, 4, "b", "")]),
    "two": ("```\n```\n\n~~~\nb\n\n~~~\n", [(1, 2, "", ""), (4, 7, "b\n", "")]),
    "open": ("```py\na\nb", [(1, 3, "a\nb", "is not closed")]),
    "in a list": (
        "- ```\n  a\n  ```",
        [(1, 3, "a", "starts on the line of a list item")],
    ),
    "a tab": ("\t```\n\ta\n\t\tb\n\t```\n", [(1, 4, "a\n    b", "")]),
    "one line": ("a\n```b``` c\nd", [(2, 2, "", "goes on after its mark")]),
    "less indented": (
        "  ```\n  a\n b\n",
        [(1, 2, "a", "is cut short by a line that is indented less")],
    ),
}


@pytest.mark.parametrize(("text", "found"), SCANNED.values(), ids=SCANNED)
def test_a_fence_has_lines_a_body_and_perhaps_a_fault(text, found):
    seen = [(one.line, one.end, one.body, one.fault) for one in scan(text)]
    assert seen == found


def test_a_fence_closes_with_its_own_mark_and_indent():
    text = "~~~ py\n~~~~\n    ~~~\n~~~\n\n> ```py\n> a\n>\n> b\n> ```\n"
    assert [fence.body for fence in scan(text)] == ["~~~~\n    ~~~", "a\n\nb"]


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        ('py title="a"', "py"),
        ("{.python}", "python"),
        ('{ .Python3 hl_lines="1" }', "python3"),
        (".python", "python"),
        ('title="python"', ""),
        ("", ""),
    ],
)
def test_a_fence_knows_its_language(info, language):
    assert scan(f"```{info}\n```\n")[0].language == language


MARKED = {
    "a line and a tag once": (
        "<b>a</b>\n\n<b>c</b>\n<i>d</i> <u>e</u>\n",
        [(1, "the tag <b>"), (4, "the tag <i>")],
    ),
    "entities": ("a & b &lt; &nosuch;\n&#57;\n", [(2, "the entity '&#57;'")]),
    "quotes": ("`<b>` and ``<i> ` <u>``, `a\n<b>`, <https://a.org>\n", []),
    "allowed": ('<div class="a" data-b="c">\n{ .a #b width=400 }\n', []),
    "attributes in quotes": (
        "Text.\n<div class='figure'>\n{: onclick=x }\n",
        [
            (2, "the class 'figure', which marks what a program made"),
            (3, "the attribute 'onclick'"),
        ],
    ),
    "a comment": ("<!-- <b>\n<i> -->\n<u>\n", [(3, "the tag <u>")]),
    "an open comment": ("a\n\n<!-- <b>\n", [(3, "a comment that is not closed")]),
    "an empty comment": ("a\n<!---> b\n-->\n", [(2, "a comment that is not closed")]),
    "scripts": (
        "<script>\n</script>\n\n<script>x</script>\n",
        [(4, "a script in the page")],
    ),
}


@pytest.mark.parametrize(("text", "found"), MARKED.values(), ids=MARKED)
def test_what_is_no_plain_markdown_is_named_with_its_line(text, found):
    assert [(line, what) for line, what, _ in faults(text, HERE, "a.md")] == found


CHARACTERS = {
    "a variation selector": ("a\n 1\ufe0f.", [(2, "VARIATION SELECTOR-16 U+FE0F", 3)]),
    "a mark without ink": ("is\u034f a", [(1, "COMBINING GRAPHEME JOINER U+034F", 3)]),
    "a wide space": ("is\u2003a", [(1, "EM SPACE U+2003", 3)]),
    "a separator": ("isa\u2028b", [(1, "LINE SEPARATOR U+2028", 4)]),
    "no name": ("a \ue000 b", [(1, "'\\ue000'", 3)]),
    "the first of a line": (
        "a\u200b\u200b b\u0430d",
        [(1, "ZERO WIDTH SPACE U+200B", 2)],
    ),
    "a twin in each line": (
        "b\u0430d\nab\u0430d b\u0430d\n",
        [
            (1, "CYRILLIC SMALL LETTER A U+0430", 2),
            (2, "CYRILLIC SMALL LETTER A U+0430", 3),
        ],
    ),
    "words of Greek": ("\u03b1, \u03bb\u03cc\u03b3\u03bf\u03c2, \u03a9", []),
    "spaces of prose": ("5\u00a0s, 5\u2009s, 5\u202fs\tx", []),
}


@pytest.mark.parametrize(("text", "found"), CHARACTERS.values(), ids=CHARACTERS)
def test_a_character_that_nobody_sees_is_named_with_its_place(text, found):
    said = [(line, what) for line, what, _ in characters.faults(text)]
    assert [line for line, _ in said] == [line for line, *_ in found]
    for (_, what), (_, name, column) in zip(said, found, strict=True):
        assert what.endswith(f": {name} in column {column}")


TYPED = {
    "commands": ("$ a \\\n    b \\\n    c\n\n$ d  # 2 of them\n$ e", []),
    "an output": (
        "$ a \\\n    b\n\n$ c\n    d\ne",
        [(6, "no command"), (7, "no command")],
    ),
    "an echo": ("$ a\n$ printf 1", [(3, "prints by a command")]),
    "a comment": ("$ a\n\n$ b  # loss 2.5", [(4, "ends in a number")]),
}


@pytest.mark.parametrize(("body", "found"), TYPED.values(), ids=TYPED)
def test_a_line_that_is_no_command_is_named(body, found):
    (fence,) = scan(f"```console\n{body}\n```")
    said = [(line, what) for line, what, _ in fence_faults(fence)]
    assert [line for line, _ in said] == [line for line, _ in found]
    assert all(words in what for (_, what), (_, words) in zip(said, found, strict=True))


VALUES = {"5\n[0.1, None]": True, "# a": False, "x = 1\nx": False, "5\nx": False}


@pytest.mark.parametrize(("body", "is_value"), VALUES.items(), ids=VALUES)
def test_only_values_look_like_an_output(body, is_value):
    (fence,) = scan(f"```python\n{body}\n```")
    said = [what for _, what, _ in fence_faults(fence)]
    assert said == ["a value that no program printed"] * is_value
