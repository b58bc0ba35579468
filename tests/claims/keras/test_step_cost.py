"""The record of what a step costs: its form, and the table made of it; no times."""

import json
import re
import sys

import pytest
import torch

from harness.core.problem import Problem
from harness.core.tree import HERE, Tree
from harness.site.tables import parity
from harness.site.tables import step_cost as report
from lab import step_cost
from tests.claims_support import keras

WAYS = ["PyTorch loop", "Keras model in a PyTorch loop", "train_on_batch", "fit"]


@pytest.fixture
def record():
    return json.loads(step_cost.file(HERE).read_text())


def test_the_record_says_where_and_when(record):
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", record["date"])
    assert re.search(r", \d+ cores?$", record["cpu"])
    assert set(record["packages"]) == {"torch", "keras"}


def test_the_record_has_each_way_on_each_network(record):
    assert list(record["networks"]) == list(step_cost.SIZES)
    for name, network in record["networks"].items():
        assert tuple(network["sizes"]) == step_cost.SIZES[name]
        assert list(network["microseconds"]) == WAYS
        assert all(time > 0 for time in network["microseconds"].values())


def test_the_table_shows_ratios_to_the_loop(tmp_path):
    tree = Tree(tmp_path)
    networks = {
        name: {"sizes": sizes, "microseconds": dict(zip(WAYS, times, strict=True))}
        for (name, sizes), times in zip(
            step_cost.SIZES.items(),
            ([200, 500, 900, 1000], [5e4, 6e4, 6e4, 5e4]),
            strict=True,
        )
    }
    facts = {"date": "2026-11-25", "cpu": "A CPU, 2 cores", "python": "3.11.7"}
    facts |= {"packages": {"torch": "2.13.0", "keras": "3.15.1"}, "networks": networks}
    step_cost.file(tree).parent.mkdir()
    step_cost.file(tree).write_text(json.dumps(facts))
    text = report.text(tree)
    assert "0.2\u00a0ms" in text  # no line ends between a number and its unit
    text = text.replace("\u00a0", " ")
    assert "| PyTorch loop | 0.2 ms | 50 ms |" in text
    assert "| Keras model in a PyTorch loop | 0.5 ms, 2.5 × | 60 ms" in text
    assert "| train_on_batch | 0.9 ms, 4.5 × | 60 ms, 1.2 × |" in text
    assert text.rstrip().endswith(
        "Measured on 2026-11-25: A CPU, 2 cores, torch 2.13.0, keras 3.15.1, "
        "Python 3.11.7.\n--8<-- [end:table]"
    )


def test_the_page_says_what_the_record_holds(record):
    small, large = (one["microseconds"] for one in record["networks"].values())
    loop, mixed, *rest = small.values()
    assert 2.4 < mixed / loop < 3.5  # "about three times"
    assert all(4.5 < way / loop < 6.5 for way in rest)  # "five to six times"
    # The row of the parity table says that the ratio here is "somewhat higher".
    assert 1 < rest[0] / loop / parity.run(HERE).rows["step-cost"].measured < 1.2
    assert max(large.values()) < 1.3 * large["PyTorch loop"]


def test_all_four_ways_take_the_same_step():
    ways = step_cost._ways(2, 4, 4, 2, batches=2)
    assert list(ways) == WAYS
    for run in ways.values():
        run()


def test_a_record_that_cannot_be_read_is_refused(tmp_path):
    tree = Tree(tmp_path)
    step_cost.file(tree).parent.mkdir()
    step_cost.file(tree).write_text("{}")
    with pytest.raises(Problem, match="make step-cost"):
        report.text(tree)


def test_the_command_measures_each_way_and_writes_the_record(tmp_path, monkeypatch):
    monkeypatch.setitem(step_cost.SIZES, "large", (2, 4, 4, 2))
    monkeypatch.setitem(step_cost.SIZES, "small", (2, 4, 4, 2))
    step_cost.measure(Tree(tmp_path), batches=2, turns=1)
    written = json.loads(step_cost.file(Tree(tmp_path)).read_text())
    assert [list(n["microseconds"]) for n in written["networks"].values()] == [WAYS] * 2


def test_turns_alternate_and_the_first_only_prepares():
    order = []
    ways = {name: lambda name=name: order.append(name) for name in WAYS}
    times = step_cost._turns(ways, batches=4, turns=3)
    assert order == WAYS * 4
    assert [len(found) for found in times.values()] == [3] * len(WAYS)


def test_the_program_finds_the_step_of_keras_slower():
    out = HERE.snippets / "keras" / "which_step_is_slower.out"
    assert out.read_text() == "slower: train_on_batch\n"


def calls(run):
    count = 0

    def note(frame, event, _):
        nonlocal count
        count += event == "call"

    run()  # the first also prepares
    sys.setprofile(note)
    run()
    sys.setprofile(None)
    return count


def test_a_step_of_keras_makes_many_times_as_many_function_calls():
    ways = step_cost._ways(2, 4, 4, 2, batches=2)
    loop, mixed, on_batch, fit = (calls(run) for run in ways.values())
    assert on_batch > 3 * loop and fit > 3 * loop
    assert loop < mixed < on_batch


def test_an_lstm_of_keras_runs_python_for_each_time_step_on_a_cpu():
    theirs, ours = keras.layers.LSTM(3), torch.nn.LSTM(2, 3, batch_first=True)
    short, long = torch.ones(4, 5, 2), torch.ones(4, 50, 2)
    assert calls(lambda: theirs(long)) > calls(lambda: theirs(short)) + 45
    assert calls(lambda: ours(long)) == calls(lambda: ours(short))


def test_many_small_layers_keep_the_price_of_a_small_network():
    def ratio(layers):
        sizes = [torch.nn.Linear(8, 8) for _ in range(layers)]
        dense = keras.Sequential([keras.layers.Dense(8) for _ in range(layers)])
        x, loop = torch.ones(4, 8), torch.nn.Sequential(*sizes)
        return calls(lambda: dense(x)) / calls(lambda: loop(x))

    assert ratio(32) > ratio(2) / 2 > 2
