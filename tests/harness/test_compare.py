"""Outputs and figures: what counts as the same."""

import json

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
