"""A number in a sentence stands where its tie says, or the gate is red."""

import pytest

from harness.core.page import Page
from harness.core.ties import Number, ties, untied, without_tied
from harness.gate import numbers
from harness.gate.ties import _literals, check

AGREE = {
    "itself": ("0.551", "", "0.551"),
    "rounded": ("0.55", "", "0.5512"),
    "rounded up": ("0.6", "", "0.5512"),
    "a share": ("41", " %", "0.4096"),
    "a share printed as one": ("41", " %", "41%"),
    "an exponent": ("4e-7", "", "4.21e-07"),
    "thousands": ("1,234", "", "1234"),
    "a scale": ("1.2", " million", "1234567"),
    "a small scale": ("1.2", " thousand", "1234"),
    "a large scale": ("1.2", " billion", "1234567890"),
    "half of its last digit": ("2", "", "2.5"),
    "twice": ("Twice", "", "2"),
    "once": ("once", "", "1"),
    "a printed word": ("9", "", "nine"),
    "a word": ("nine", "", "9"),
    "a minus": ("\u22121", "", "-1"),
    "a version": ("2.13.0", "", "2.13.0"),
    "a date": ("2026-07-09", "", "2026-07-09"),
}
APART = {
    "another digit": ("0.552", "", "0.551"),
    "more digits than printed": ("0.5511", "", "0.5512"),
    "another sign": ("1", "", "-1"),
    "a share of another size": ("42", " %", "0.4096"),
    "no share": ("41", "", "0.4096"),
    "another scale": ("1.2", " billion", "1234567"),
    "another word": ("eight", "", "9"),
    "a longer version": ("2.13.0", "", "2.13.1"),
    "a shorter version": ("2.13.0", "", "2.13"),
    "a version before it": ("2.13.1", "", "2.13.0"),
    "more than half of its last digit": ("2", "", "2.51"),
    "a scale behind another word": ("1.2", " times million", "1234567"),
    "a hundredth of a share": ("41", " %", "0.41%"),
}


@pytest.mark.parametrize(("written", "unit", "printed"), AGREE.values(), ids=AGREE)
def test_a_number_agrees_with_what_rounds_to_it(written, unit, printed):
    assert Number(written, unit).agrees(printed)


@pytest.mark.parametrize(("written", "unit", "printed"), APART.values(), ids=APART)
def test_a_number_agrees_with_nothing_else(written, unit, printed):
    assert not Number(written, unit).agrees(printed)


WRITTEN = {
    "a number": ("below 0.551{=}.", "0.551", ""),
    "with a unit": ("in 12 MB{=} of", "12", " MB"),
    "with two words": ("3 times longer{=}", "3", " times longer"),
    "percent": ("41 %{=}", "41", " %"),
    "in code": ("`39`{=} of 50", "39", ""),
    "in bold": ("**39**{=}", "39", ""),
    "a word": ("at all nine{=}", "nine", ""),
    "a minus": ("gives \u22121{=}", "\u22121", ""),
    "thousands": ("1,234 rows{=}", "1,234", " rows"),
    "a version": ("torch 2.13.0{=}", "2.13.0", ""),
    "the last of two": ("39 of 50{=}", "50", ""),
}


@pytest.mark.parametrize(("line", "number", "unit"), WRITTEN.values(), ids=WRITTEN)
def test_a_tie_belongs_to_the_number_before_it(line, number, unit):
    (tie,) = ties([line])
    assert (tie.number.text, tie.number.unit) == (number, unit)
    assert "{" not in untied(line)
    assert number not in without_tied(line)


SLIPS = {
    "0": "1 2 3 4 5 6 7 8 9",
    "12": "02 22 32 42 52 62 72 82 92 10 11 13 14 15 16 17 18 19 -12",
    "-.5": "-.0 -.1 -.2 -.3 -.4 -.6 -.7 -.8 -.9 .5",
    "Once": "zero two three four five six seven eight nine ten eleven twelve",
}


@pytest.mark.parametrize(("number", "slips"), SLIPS.items(), ids=SLIPS)
def test_a_slip_is_another_number(number, slips):
    found = [*Number(number, " s").neighbours()]
    assert [one.text for one in found] == slips.split()
    assert {one.unit for one in found} == {" s"}


def test_every_tie_of_every_line_is_found():
    found = ties(["Of 2 rows{~#a}, 1{=}.", "None.", "So 2{=} of 3{=}."])
    assert [(one.line, one.number.text) for one in found] == [
        (1, "1"),
        (3, "2"),
        (3, "3"),
    ]


def test_what_is_tied_is_left_out_alone():
    line = "Of `a`{~#b} 39{=} of 50{=} in 2.13.0{=} or 7."
    assert without_tied(line) == "Of   of  in  or 7."


def test_a_program_keeps_its_places_without_what_it_says():
    source = 'x = 1  # 2\nsay("""3\n4""", 5)\n\nif x:\n    y = "6", 7\n'
    code = "x = 1  \nsay(, 5)\n\nif x:\n    y = , 7\n"
    assert _literals(source).strip() == code.strip()


def test_a_tie_behind_no_number_has_none():
    (tie,) = ties(["It rises{=}."])
    assert tie.number is None


PLACES = {
    "": ("", ""),
    "right: #": ("", "right: #"),
    "training/loop": ("training/loop", ""),
    "training/loop: right: #": ("training/loop", "right: #"),
    'recorded/step_cost.json: "#': ("recorded/step_cost.json", '"#'),
}


@pytest.mark.parametrize(("place", "parts"), PLACES.items(), ids=PLACES)
def test_a_tie_names_a_source_and_a_place(place, parts):
    (tie,) = ties([f"39{{={place}}}"])
    assert (tie.source, tie.pattern) == parts


def test_a_place_is_a_piece_of_a_line():
    (tie,) = ties(["39{=right: #}"])
    assert tie.candidates(["right:   39 of 50\nwrong: 11"]) == {"39"}


REFUSED = {
    "another number": ("13{=}", "'13' does not stand in numbers/two"),
    "another place": (
        "836{=sum #}",
        "'836' does not stand in numbers/two, but '12' does",
    ),
    "no such place": ("12{=total #}", "numbers/two has no number at 'total #'"),
    "no such snippet": ("12{=numbers/tow}", "no snippet 'numbers/tow'"),
    "no such file": ("12{=recorded/none.yml}", "there is no recorded/none.yml"),
    "no number": ("twelfth{=}", "no number stands before"),
    "a place without a number": ("12{=sum}", "names no file, and no place"),
    "a slip would pass": ("12{=}", "'15' in place of '12' would pass"),
    "a literal without its place": ("64{=}", "'64' does not stand in numbers/two"),
    "in a comment": ("77{=64 # #}", "numbers/two has no number at '64 # #'"),
    "in a text of the program": ('88{=15, "#}', "no number at '15, \"#'"),
    "nothing": ("128", "nothing is tied to '128'"),
    "beside a tie": ("12{=sum #} of 128", "nothing is tied to '128'"),
    "a number as a quote": ("`836`", "nothing is tied to '836'"),
    "another in a quote": ("`sum 128`", "nothing is tied to '128'"),
}
HELD = {
    "a place": "12{=sum #}",
    "the only one like it": "836{=}",
    "a literal of the program": "64{=x = #}",
    "a quote": "`sum 12`",
    "a quote with a gap": "`print(…, 836)`",
    "another snippet": "4096{=numbers/big}",
    "a file": "2021{=recorded/years.yml: first: #}",
    "no claim": "3 of them",
}
PROGRAM = 'x = 64  # 77\nprint("sum", 12)\nprint("product", 836)\nprint(15, "88"[:0])\n'


@pytest.fixture
def sums(draft):
    draft.write("recorded/years.yml", "first: 2021\n")
    draft.snippet("numbers/two", PROGRAM, "sum 12\nproduct 836\n15 \n")
    draft.add('--8<-- "numbers/two.md"\n')
    return draft


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_the_gate_refuses(sums, text, words):
    line = sums.add(f"\nIt prints {text} here.\n") + 1
    sums.refused(f"docs/index.md:{line}", words)


@pytest.mark.parametrize("text", HELD.values(), ids=HELD)
def test_the_gate_takes(sums, text):
    sums.add(f"\nIt prints {text} here.\n")
    assert sums.problems() == []


@pytest.mark.parametrize(
    "shown",
    ["loss 0.1257", "loss 0.1257 s", "loss 0.125.3", "1loss 0.125", ".loss 0.125"],
)
def test_a_quote_does_not_end_within_a_number(shown):
    quote = numbers.QUOTE.search("a `loss 0.125` here")
    assert numbers._unless_shown(quote, [shown]) == "`loss 0.125`"
    for whole in (
        "loss 0.125",
        "a loss 0.125.",
        "loss 0.125, 3",
        "loss 0.1257 loss 0.125",
        "loss 0.125x2",
    ):
        assert numbers._unless_shown(quote, [shown, whole]) == ""


def test_a_quote_is_looked_for_at_each_place():
    assert numbers._stands("--", ["5---"])
    assert not numbers._stands("--", ["5--"])


@pytest.mark.parametrize(("number", "fault"), [(4096, []), (4097, ["4097"])])
def test_a_number_may_stand_in_a_table_that_no_program_printed(draft, number, fault):
    table = draft.tree.fragments / "numbers" / "made.md"
    table.parent.mkdir(parents=True, exist_ok=True)
    table.write_text("| rows |\n|---|\n| 4096 |\n")
    draft.add(f'--8<-- "numbers/made.md"\n\nIt has {number}{{=}} rows.\n')
    found = check(Page(draft.tree, "index.md"), {})
    assert [one.what.split("'")[1] for one in found] == fault


def test_a_sentence_may_stand_above_what_it_speaks_of(draft):
    draft.snippet("numbers/two", PROGRAM, "sum 12\nproduct 836\n15 \n")
    draft.add('## Two\n\nIt prints 836{=}.\n\n--8<-- "numbers/two.md"\n')
    assert draft.problems() == []


def test_a_sentence_speaks_of_the_nearest_program(draft):
    draft.snippet("numbers/two", "print(836)\n", "836\n")
    draft.snippet("numbers/three", "print(5555)\n", "5555\n")
    two, three = '--8<-- "numbers/two.md"', '--8<-- "numbers/three.md"'
    lines = ["## A", "Now 836{=}.", two, "Still 836{=}.", three, "Then 5555{=}."]
    lines += ["## B", "As above, 5555{=}.", "## C", "Here 836{=}.", two, three]
    draft.add("\n\n".join(lines) + "\n")
    assert draft.problems() == []


def test_no_reader_sees_a_tie(sums):
    sums.add("\nIt prints 836{=} here.\n")
    sums.problems()
    assert "prints 836 here" in sums.made("markdown/index.md")
