"""The parity table: what it shows of the record, and that bad data is refused."""

import json
import re

import markdown
import pytest

from harness.core.problem import Problem
from harness.site.tables import parity

FILE = "recorded/parity.yml"
RECORD = "recorded/parity.json"
GOOD = """\
groups:
  layers:
  - name: sum
    task: A sum
    torch: x | 1
    keras:
    - x + 1
    - x + 2
    remark: '`1 | 2` | differs'
    proof:
    - t == k
  - name: part
    task: A part
    torch: x
    keras: y
    remark: never the same
    proof: t != k
    apart: true
    exactly: 15 / 16
    what: of it
  tools:
  - name: cost
    task: Cost
    torch: x
    keras: y
    timed: true
    tensorflow: numbers/tape
"""
RUN = {
    "date": "2026-11-23",
    "torch": "2.13.0+cpu",
    "keras": "3.15.1",
    "rows": {
        "sum": {"measured": 2.4e-8, "tolerance": 3.1e-6},
        "part": {"measured": 0.9375, "tolerance": 1e-6},
        "cost": {"measured": 4.88, "tolerance": 0.0},
    },
}


@pytest.fixture
def table(draft):
    draft.write(FILE, GOOD)
    draft.write(RECORD, json.dumps(RUN))
    return draft


def shown(draft, task: str) -> list[str]:
    """Of one task: its mark, both codes, the two numbers, the remark."""
    text = (
        parity.text(draft.tree).split(f'??? row "<b>{task}</b> ')[1].split("\n???")[0]
    )
    mark, codes, numbers, remark = re.fullmatch(
        r'<span class=(\w+>.*?)</span>"\n\n'
        r"    \| PyTorch \| Keras \|\n    .*\n    \| (.*) \|\n\n"
        r"    Measured: (.*)\.\n    (.*)\n(?:.*\n)*.*",
        text,
    ).groups()
    return [mark, codes, *numbers.split(". Allowed: "), remark]


def test_there_is_no_table_where_there_is_no_file(draft):
    assert parity.text(draft.tree) == ""
    assert draft.problems() == []


def test_the_sums_are_those_of_the_record(table):
    text = parity.text(table.tree)
    assert "on 2026-11-23 with torch 2.13.0 and keras 3.15.1" in text
    assert "- **1** of 3 tasks agree, 0 of them to the last bit\n" in text
    assert "- **1** differ as written; 0 agree after the change" in text
    assert "- **1** is a time, shown but not tested\n" in text


def test_a_row_shows_what_was_measured_and_what_is_allowed(table):
    assert shown(table, "A sum") == [
        "rounding>rounding <i>2e-8</i>",
        "`x | 1` | `x + 1`<br>`x + 2`",
        "2e-8",
        "3e-6",
        "`1 | 2` | differs",
    ]
    assert shown(table, "A part")[::2] == [
        "apart>differs <i>0.938 of it</i>",
        "0.938 of it",
        "never the same",
    ]
    assert shown(table, "A part")[3] == "`15 / 16`"
    assert shown(table, "Cost")[0] == "time>time <i>4.9</i>"
    assert shown(table, "Cost")[2:4] == ["4.9", "not tested"]


def test_equal_bits_are_called_the_same(table):
    rows = RUN["rows"] | {"sum": {"measured": 0.0, "tolerance": 1.0}}
    table.write(RECORD, json.dumps(RUN | {"rows": rows}))
    assert shown(table, "A sum")[0] == "same>same"


@pytest.mark.parametrize(
    ("number", "digits"),
    [(0.0, "0"), (2.0, "2"), (0.732, "0.73"), (1.35, "1.4"), (1.19e-7, "1e-7")],
)
def test_a_number_has_as_many_digits_as_mean_something(table, number, digits):
    rows = RUN["rows"] | {"sum": {"measured": number, "tolerance": 1.0}}
    table.write(RECORD, json.dumps(RUN | {"rows": rows}))
    assert shown(table, "A sum")[2] == digits


def test_a_group_is_a_section_and_a_bar_does_not_end_a_cell(table):
    table.add('--8<-- "report/parity.md:layers"\n')
    assert table.problems() == []
    section = parity.text(table.tree).split("[start:layers]\n")[1].split("--8<--")[0]
    html = markdown.markdown(section, extensions=["tables", "pymdownx.details"])
    assert "<code>1 | 2</code> | differs</p>" in html
    assert "<td><code>x | 1</code></td>" in html


def test_tensorflow_is_shown_where_it_ran_and_said_to_be_missing_where_not(table):
    assert shown(table, "Cost")[4] == "TensorFlow's way is not measured here."
    table.snippet("numbers/tape", "# needs: tensorflow\nprint('tensorflow')\n")
    entry = {"source": "", "output": "", "torch": "2.13.0", "python": "3.11"}
    entry |= {"device": "cpu", "seconds": 1.0, "date": "2026-11-22"}
    entry |= {"packages": {"tensorflow": "2.21.0"}}
    table.write("recorded/runs/tensorflow/numbers/tape.json", json.dumps(entry))
    # No page shows it, and a reader could not look it up.
    assert shown(table, "Cost")[4] == "TensorFlow's way is not measured here."
    table.write(
        "docs/keras/three.md", '# Three\n\n## The `tape`\n\n--8<-- "numbers/tape.md"\n'
    )
    assert shown(table, "Cost")[4] == (
        "TensorFlow 2.21.0 does it [this way](three.md#the-tape) "
        "(run on a CPU, 2026-11-22)."
    )


def refused(draft, where: str, words: str) -> None:
    with pytest.raises(Problem) as error:
        draft.problems()
    assert str(error.value).startswith(f"{where}: ")
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("task: A sum", "task: ''", 4, "task: String should have at least 1 character"),
        ("    torch: x | 1\n", "", 3, "torch: Field required"),
        ("torch: x | 1", "torch: []", 5, "torch: Value should have at least 1 item"),
        ("    - x + 2\n", "    - 2\n", 8, "keras.1: Input should be a valid string"),
        ("timed: true", "timed: 1", 26, "timed: Input should be a valid boolean"),
        ("tensorflow: numbers/tape", "tensorflow: null", 27, "a valid string"),
        ("    proof: t != k\n", "", 12, "come together"),
        ("    remark: never the same\n", "", 12, "come together"),
        ("    remark: never the same\n    proof: t != k\n", "", 12, "apart, without"),
        ("name: part", "name: sum", 12, "two rows are called 'sum'"),
        ("  tools:", "  layers:", 21, "'layers' stands twice"),
    ],
)
def test_a_malformed_row_is_refused_by_its_line(table, old, new, line, words):
    assert GOOD.count(old) == 1
    table.write(FILE, GOOD.replace(old, new))
    refused(table, f"{FILE}:{line}", words)


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        ({"date": "yesterday"}, 2, "date: Input should be a valid date"),
        ({"rows": {"sum": {"measured": "1", "tolerance": 1.0}}}, 7, "a valid number"),
        ({"rows": RUN["rows"] | {"more": RUN["rows"]["sum"]}}, 18, "'more' is a row"),
        ({"rows": {"sum": RUN["rows"]["sum"]}}, 5, "'cost' is a row either here or in"),
    ],
)
def test_a_record_that_does_not_fit_is_refused(table, change, line, words):
    table.write(RECORD, json.dumps(RUN | change, indent=1))
    refused(table, f"{RECORD}:{line}", words)


def test_rows_without_a_record_are_refused(table):
    (table.tree.root / RECORD).unlink()
    refused(table, RECORD, "make record-parity")
