"""Which numbers in a sentence are claims, and which texts prove them."""

import pytest

from harness.core.fences import scan
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


@pytest.mark.parametrize(("text", "number"), PROOFS.values(), ids=PROOFS)
def test_a_text_proves_the_numbers_in_it(text, number):
    assert number in tokens(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("10.5", ".5"), ("0.1257", ".125"), ("4096", "096"), ("1.0.5", ".5")],
)
def test_a_part_of_a_number_is_not_proven(text, number):
    assert number not in tokens(text)


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
