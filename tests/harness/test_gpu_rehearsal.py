"""What the GPU lane does on a bad day, rehearsed with a stand-in for the card."""

import re
import subprocess
from dataclasses import replace

import pytest

from harness.core import limits, records
from harness.core.directives import Directives
from harness.core.problem import Problem
from harness.core.snippet import Snippet
from harness.core.tree import HERE, Tree
from harness.judge import compare
from harness.judge.result import Result
from harness.run import gpu, lane, trial
from harness.run.lane import run
from harness.run.options import Options
from harness.run.pool import Pool

pytestmark = pytest.mark.usefixtures("shared_parents", "stand_ins")

LANE = Options(lane="gpu", patience=4)
RECORD = replace(LANE, record=True)
CARD = {"torch": "2.13.0+cu130", "built": "CUDA", "names": ["Card A"]}
OTHER = CARD | {"names": ["Card B"]}


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


@pytest.fixture
def answers(monkeypatch):
    """What torch says of the cards, one answer after the other; the last one stays."""
    given = [CARD]
    monkeypatch.setattr(gpu, "ask", lambda: given.pop(0) if given[1:] else given[0])
    monkeypatch.setattr(gpu, "driver", lambda: "580.1")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(trial, "group_of", lambda *_: "plain")
    monkeypatch.setattr(Result, "used_card", True)
    return given


def program(tree, name: str, source: str) -> Snippet:
    file = tree.snippets / f"t/{name}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"# needs: cuda\n{source}")
    return Snippet(tree, f"t/{name}")


def test_a_record_is_of_one_kind_of_card(tree, answers):
    program(tree, "one", "print(1)\n")
    program(tree, "two", "print(2)\n")
    run(tree, RECORD)
    answers[:] = [OTHER]
    for paths in ([], ["t/two"]):
        with pytest.raises(Problem, match="recorded is another card: Card A, not Card"):
            run(tree, replace(RECORD, paths=paths))
    devices = {one.device for one in records.load(tree, "gpu").values()}
    assert devices == {"Card A"}


PRINTED = "loss 0.1234 in 3 steps, shape (2, 3), on card"
COMPARED = [
    ("float32", "loss 0.1235 in 3 steps, shape (2, 3), on card", True),
    ("float32", "loss 0.1290 in 3 steps, shape (2, 3), on card", False),
    ("bfloat16", "loss 0.1290 in 3 steps, shape (2, 3), on card", True),
    ("bfloat16", "loss 0.1334 in 3 steps, shape (2, 3), on card", False),
    ("float64", "loss 0.1234 in 3 steps, shape (2, 3), on card", True),
    ("float64", "loss 0.1236 in 3 steps, shape (2, 3), on card", False),
    ("bfloat16", "loss 0.1234 in 4 steps, shape (2, 3), on card", False),
    ("bfloat16", "loss 0.1234 in 3 steps, shape (3, 2), on card", False),
    ("bfloat16", "loss 0.1234 in 3 steps, shape (2, 3), on cord", False),
    ("bfloat16", "loss nan in 3 steps, shape (2, 3), on card", False),
]


def test_another_card_is_compared_by_the_tolerance_of_the_dtype(tree, answers):
    for number, (dtype, _, _) in enumerate(COMPARED):
        program(tree, f"n{number}", f"x = {PRINTED!r}\nprint(x)  # torch.{dtype}\n")
    assert not any(one.problems for one in run(tree, RECORD))
    for number, (_, now, _) in enumerate(COMPARED):  # as if that card had printed it
        Snippet(tree, f"t/n{number}").cuda_out.write_text(f"{now}\n")
    for card in (CARD, OTHER):
        answers[:] = [card]
        held = {one.snippet.name: not one.problems for one in run(tree, LANE)}
        for number, (dtype, now, holds) in enumerate(COMPARED):
            expected = now == PRINTED if card == CARD else holds
            assert held[f"t/n{number}"] == expected, (card, dtype, now)


@pytest.mark.parametrize(
    ("before", "now", "tolerance", "holds"),
    [
        ("1.", "2.", 0.05, False),  # whole numbers, printed as torch prints floats
        ("0.5", "0.6", 0.05, False),
        ("0.50", "0.51", 1e-7, True),  # one unit in the last printed place
        ("0.50", "0.52", 1e-7, False),
        ("1.2346e-05", "1.2347e-05", 1e-7, True),
        ("1.2346e-05", "1.2346e-04", 0.05, False),
        ("inf", "inf", 1e-3, True),
        ("inf", "1.00", 1e-3, False),
        ("-0.00", "0.00", 1e-3, True),
        ("7", "8", 0.5, False),
    ],
)
def test_how_close_two_outputs_are(before, now, tolerance, holds):
    assert compare.close(before, now, tolerance) is holds


@pytest.mark.parametrize(
    ("source", "dtype"),
    [
        ("torch.rand(3)", "float32"),
        ("x.to(torch.bfloat16); y.double()", "bfloat16"),
        ("x.half()", "float16"),
        ("with torch.autocast(device.type):", "float16"),
        ("x = torch.rand(3, dtype=torch.float64)", "float64"),
        ("a = b.to(torch.float64) - c.to(torch.float32)", "float32"),
    ],
)
def test_the_coarsest_dtype_that_a_program_names_decides(source, dtype):
    assert gpu.tolerance(source) == limits.TOLERANCE[dtype]


NO_ROOM = """\
import os


class OutOfMemoryError(RuntimeError):
    pass


if os.environ["PROGRAMS_AT_A_TIME"] != "1":
    raise OutOfMemoryError("CUDA out of memory.")
print("alone")
"""


@pytest.fixture
def crowd(monkeypatch):
    """A program can tell how many may run beside it, as it can by a card's memory."""

    class Told(Pool):
        def __init__(self, options, cache):
            super().__init__(options, cache)
            self._env["PROGRAMS_AT_A_TIME"] = str(options.jobs)

    monkeypatch.setattr(lane, "Pool", Told)


def test_programs_without_room_beside_others_run_once_more_alone(tree, answers, crowd):
    made = [program(tree, name, NO_ROOM) for name in ("first", "second")]
    outcomes = lane.run(tree, replace(RECORD, jobs=2))
    assert [one.problems for one in outcomes] == [[], []]
    assert [one.cuda_out.read_text() for one in made] == ["alone\n"] * 2


def test_a_program_that_is_too_large_for_the_card_is_refused(tree, answers, crowd):
    program(tree, "large", NO_ROOM.replace('!= "1"', '!= "0"'))
    program(tree, "small", "print(1)\n")
    said = {o.snippet.name: [p.what for p in o.problems] for o in run(tree, RECORD)}
    assert said["t/small"] == []
    assert "raises OutOfMemoryError" in said["t/large"][0]
    assert list(records.load(tree, "gpu")) == ["t/small"]


@pytest.mark.parametrize(
    ("later", "said"),
    [(CARD | {"names": []}, "torch now finds []"), (OTHER, "torch now finds")],
)
def test_a_card_that_goes_away_stops_the_lane_and_leaves_what_holds(
    tree, answers, later, said
):
    program(tree, "a", "print(1)\n")
    program(tree, "b", "raise RuntimeError('CUDA error: unspecified launch failure')\n")
    program(tree, "c", "print(3)\n")
    answers[:] = [CARD, later]
    with pytest.raises(Problem, match="the card went away") as stopped:
        run(tree, replace(RECORD, jobs=1))
    assert said in str(stopped.value) and "recorded before stays" in str(stopped.value)
    assert list(records.load(tree, "gpu")) == ["t/a"]


def test_a_card_that_never_answers_has_gone_away(monkeypatch):
    def ask():
        raise subprocess.TimeoutExpired("python", gpu.ANSWER)

    monkeypatch.setattr(gpu, "ask", ask)
    assert gpu.Cards("Card A", 1, {}).gone() == "no answer in 120 s"


GOES = CARD | {"names": []}
CRASHES = "raise RuntimeError('CUDA error: unspecified launch failure')\n"
LARGE = NO_ROOM.replace('!= "1"', '!= "0"')
EVERY = ["t/a", "t/b", "t/c"]
# The rows of the page: what torch says of the cards, what the second of three programs
# is, and which of them have a record at the end.
ROWS = {
    "No card, no driver": ([GOES], "print(2)\n", []),
    "Two kinds of card": ([CARD | {"names": ["Card A", "Card B"]}], "print(2)\n", []),
    "The card is of another kind": ([OTHER], "print(2)\n", ["t/z"]),
    "A program ran on the CPU": ([CARD], "print(2)\n", ["t/a", "t/c"]),
    "A program starts more": ([CARD], "print('device: cpu')\n", ["t/a", "t/c"]),
    "A program fails": ([CARD], "1 / 0\n", ["t/a", "t/c"]),
    "The card has too little memory for several": ([CARD], NO_ROOM, EVERY),
    "The card has too little memory for one": ([CARD], LARGE, ["t/a", "t/c"]),
    "The card stops answering": ([CARD, GOES], CRASHES, ["t/a"]),
}


def shown() -> dict[str, str]:
    """What the page quotes, by the beginning of its row; "" where it does not."""
    page = (HERE.docs / "reference/record-on-a-gpu.md").read_text(encoding="utf-8")
    table = page.partition("| What happens |")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    assert len(rows) == len(ROWS)
    for row, name in zip(rows, ROWS, strict=True):
        assert row[0].startswith(name)
    quotes = [re.search('"(.+)"', row[1]) for row in rows]
    return {n: found[1] if found else "" for n, found in zip(ROWS, quotes, strict=True)}


@pytest.mark.parametrize("row", ROWS)
def test_the_page_says_what_the_lane_said_here(
    tree, answers, crowd, without_launcher, monkeypatch, capsys, row
):
    cards, second, recorded = ROWS[row]
    if "another kind" in row:
        program(tree, "z", "print(0)\n")
        run(tree, replace(RECORD, jobs=1))
    for name, source in {"a": "print(1)\n", "b": second, "c": "print(3)\n"}.items():
        program(tree, name, source)
    if row.startswith("No card"):
        monkeypatch.setattr(gpu, "driver", lambda: None)
    if "on the CPU" in row:
        used = property(lambda self: "2\n" not in self.stdout)
        monkeypatch.setattr(Result, "used_card", used)
    if "starts more" in row:
        launched = f"# run: torchrun\n# current_accelerator()\n{second}"
        Snippet(tree, "t/b").path.write_text(launched)
        processes = property(lambda self: 2 if self.run else 1)
        monkeypatch.setattr(Directives, "processes", processes)
    answers[:] = cards
    capsys.readouterr()
    stopped = ""
    try:
        run(tree, replace(RECORD, jobs=2 if "several" in row else 1))
    except Problem as error:
        stopped = str(error)
    told, says = capsys.readouterr().out + stopped, shown()[row]
    assert says in told
    assert says or "3 snippets recorded, 0 failed" in told
    assert list(records.load(tree, "gpu")) == recorded


def test_a_failure_of_the_program_alone_does_not_stop_the_lane(tree, answers):
    program(tree, "a", "1 / 0\n")
    program(tree, "b", "print(2)\n")
    outcomes = run(tree, replace(RECORD, jobs=1))
    assert [bool(one.problems) for one in outcomes] == [True, False]
