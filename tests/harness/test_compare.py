"""Outputs and figures: what counts as the same."""

import io
import json
import re

import matplotlib
import pytest

from harness.judge import compare, figures


@pytest.mark.parametrize(
    ("before", "now", "pairs"),
    [
        ("loss 0.5\n", "loss 0.50001\n", [(0.5, 0.50001)]),
        ("tensor([1., 2.e-3])\n", "tensor([1., 3.e-3])\n", [(2e-3, 3e-3)]),
        ("-1.5 inf\n", "-1.5001 inf\n", [(-1.5, -1.5001)]),
        ("step 3: 0.5\n", "step 4: 0.5\n", []),
        ("shape (2, 3)\n", "shape (2, 4)\n", []),
        ("torch 2.13.0\n", "torch 2.13.1\n", []),
        ("float32 0.5\n", "float64 0.5\n", []),
        ("0.5\n", "0.6", []),
        ("0.5\n", "0.5\n0.5\n", []),
    ],
)
def test_the_floats_that_differ_are_found_where_nothing_else_does(before, now, pairs):
    assert compare.apart(before, now) == pairs


def test_a_diff_shows_a_missing_newline():
    assert "no newline" in compare.difference("1\n", "1", ("a", "b"))


@pytest.fixture
def axes():
    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def drawn(ax) -> dict:
    return json.loads(json.dumps(figures.plotted()[0]))


@pytest.mark.parametrize(
    "change",
    [
        lambda ax: ax.plot([0, 1], [0, 2.5]),
        lambda ax: ax.set_title("other"),
        lambda ax: ax.set_xlabel("other"),
        lambda ax: ax.text(0, 0, "note"),
        lambda ax: ax.bar([0], [3]),
        lambda ax: ax.imshow([[1, 2], [3, 4]]),
        lambda ax: ax.scatter([0.5], [0.5]),
        lambda ax: ax.set_xlim(0, 7),
        lambda ax: ax.legend(["a"]),
        lambda ax: ax.lines[0].set_ydata([0, 1.01]),
        lambda ax: ax.figure.suptitle("other"),
    ],
)
def test_any_change_of_what_is_plotted_is_seen(axes, change):
    axes.plot([0, 1], [0, 1])
    before = drawn(axes)
    change(axes)
    assert figures.difference(before, drawn(axes))


def test_rounding_and_looks_are_not(axes):
    (line,) = axes.plot([0, 1], [0, 1])
    axes.set(xlim=(0, 1), ylim=(0, 1))
    before = drawn(axes)
    line.set_ydata([0, 1 + 1e-6])
    line.set_color("red")
    assert figures.difference(before, drawn(axes)) is None


def test_what_is_plotted_is_kept_to_six_digits(axes):
    axes.plot([0, 1], [0, 1.23456789])
    assert drawn(axes)["axes"][0]["lines"] == [[0.0, 0.0, 1.0, 1.23457]]


def saved(ax) -> str:
    file = io.StringIO()
    ax.figure.savefig(file, format="svg")
    return file.getvalue()


def apart(before: str, now: str) -> str | None:
    told = map(figures.strokes, (before, now))
    return figures.difference(*told, "one.svg", figures.POINT)


def test_a_picture_is_its_letters_lines_and_colours(axes):
    axes.plot([0, 1], [0, 1])
    before = saved(axes)
    end = re.search(r'L \S+ (?=\S+ \n" clip-path)', before)[0]
    for part, other in {
        '"#DejaVuSans-15" ': '"#DejaVuSans-13" ',  # a letter of a tick
        "<!-- 0.2 -->": "<!-- 0.3 -->",
        'y="307.584"': 'y="407.584"',  # where the mark of a tick stands
        "stroke: #1f77b4": "stroke: #ff7f0e",
        end: "L 300 ",  # of the line
    }.items():
        assert part in before
        assert apart(before, before.replace(part, other, 1)), part
    assert apart(before, before.replace("<use", "<g/><use", 1)) is None
    glyph = re.search(r"<path id=.*?/>", before, flags=re.DOTALL)[0]
    assert (
        apart(before, before.replace(glyph, glyph + glyph.replace("id=", "n="))) is None
    )
    assert figures.strokes("<svg>") == {}


def test_the_frame_of_a_line_is_that_of_its_points():
    line = (
        '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 1 30 L 2 10 L 3 20"/></svg>'
    )
    assert figures.strokes(line)["strokes"] == [["", [], [1, 3, 10, 30]]]


def test_the_points_of_a_line_may_lie_elsewhere_by_less_than_one(axes):
    (line,) = axes.plot([0, 1], [0, 1], clip_on=False)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    before = saved(axes)
    line.set_ydata([0, 1.001])
    assert apart(before, saved(axes)) is None
    line.set_ydata([0, 1.1])
    assert apart(before, saved(axes))


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        ("0.12", "0.13", True),  # one unit in the last of two decimals
        ("0.13", "0.12", True),
        ("0.12", "0.14", False),
        ("0.14", "0.12", False),
        ("0.1", "0.2", False),
        ("0.5", "0.4", False),
        ("1.50 2.5", "1.51 2.6", False),
        ("nan", "1.0", False),
    ],
)
def test_one_unit_in_the_last_place_is_rounding_from_the_second_on(before, now, same):
    assert compare.close(before, now, relative=1e-9) is same


def test_a_relative_tolerance_goes_by_the_larger():
    assert compare.close("100.0", "101.0", relative=0.01)
    assert not compare.close("100.0", "102.0", relative=0.01)


def test_a_line_is_cut_where_it_is_wider_than_the_widest():
    line = "x" * compare.WIDEST
    assert compare.visible(line) == line
    assert compare.visible(f"{line}x") == f"{line}… ({len(line) + 1} characters)"


def test_where_one_text_goes_on_after_many_equal_lines_no_letter_is_named():
    before = "x\n" * 300
    assert "column" not in compare.difference(before, f"{before}y\n", ("a", "b"))


@pytest.mark.parametrize("first", [0, 1, 2, 3, 24, 31, 48])
def test_a_diff_begins_two_lines_before_the_first_that_differs(first):
    before = [f"line {n}" for n in range(first + 2)]
    now = [*before[:first], "other", before[-1]]
    said = compare.difference("\n".join([*before, ""]), "\n".join([*now, ""]), "ab")
    context = [f" line {n}" for n in range(max(first - 2, 0), first)]
    head = [f"@@ from line {first - 1} @@"] if first > 2 else []
    rows = [*head, *context, f"-line {first}", "+other", f" line {first + 1}"]
    assert said.split("\n")[2:] == rows
