"""The recorder of GPU numbers: its checks, its samples, its record; no times."""

import json
import math
import re
import subprocess
import sys
import types
from functools import partial

import numpy as np
import pytest
import torch

from harness.core.problem import Problem
from harness.core.tree import HERE, Tree
from lab.gpu_numbers import arithmetic, case, measure, moving, timing, training
from lab.gpu_numbers.case import Case, Place, Planned
from tests import stand_in_card

CPU = Place(torch.device("cpu"), compiler=False)
TIMED = {"low", "median", "high", "samples"}


@pytest.fixture(autouse=True)
def one_thread():
    """Several would wait for each other where the machine has other work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class Gpu(Place):
    """A stand-in: planned like a GPU, computed on the CPU."""

    is_gpu = True


@pytest.fixture
def small(monkeypatch):
    """Sizes that take no time."""
    monkeypatch.setattr(arithmetic, "SIZES", {True: [32], False: [16]})
    monkeypatch.setattr(training, "BATCHES", {True: (2,), False: (2,)})
    monkeypatch.setattr(timing, "SHORTEST", 1e-6)
    monkeypatch.setattr(moving, "MEGABYTE", 2**10)
    monkeypatch.setattr(moving, "CROSSING", [16])


@pytest.fixture
def stand_in(monkeypatch):
    """A GPU whose events, memory and name are made up, for the code around them."""
    for one in stand_in_card.measures(torch):
        monkeypatch.setattr(*one)
    module = types.SimpleNamespace(get_device_name=lambda: "Stand-in card")
    monkeypatch.setattr(torch, "get_device_module", lambda device: module)
    return Gpu(torch.device("cpu"), compiler=False)


def one(run=lambda: None, check=lambda: 0.0, allowed=0.0, **more) -> dict:
    """A suite with a single case."""
    made = Case(run, check, allowed, **more)
    return {"only": lambda where: iter([Planned({"n": 1}, lambda: made)])}


def written(tree: Tree, is_gpu: bool = False) -> dict:
    return json.loads(measure.file(tree, is_gpu).read_text())


# Checks


def test_the_error_is_relative_to_the_largest_number():
    exact = torch.tensor([1.0, -4.0], dtype=torch.float64)
    assert case.error(torch.tensor([1.0, -4.0]), exact) == 0.0
    assert case.error(torch.tensor([2.0, -4.0]), exact) == 0.25
    assert math.isnan(case.error(torch.tensor([math.nan, 1.0]), exact))


def every(suites, where):
    return [
        pytest.param(planned, id=f"{name} {planned.labels}".replace(" ", "-"))
        for name, suite in suites.items()
        for planned in suite(where)
    ]


QUICK = {
    "matmul": lambda where: [
        Planned({"dtype": d}, partial(arithmetic._matmul, where, 128, d))
        for d in ("fp32", "bf16", "fp16")
    ],
    "convolution": arithmetic.convolution,
    "attention": lambda where: list(arithmetic.attention(where))[:2],
    "launch": moving.launch,
    "copies": lambda where: list(moving.copies(where))[:1],
    "training": lambda where: [
        Planned({"network": n}, partial(training._training, where, n, 4))
        for n in training.NETWORKS
    ],
}


@pytest.mark.parametrize("planned", every(QUICK, CPU))
def test_each_kind_of_case_agrees_with_float64(planned):
    built = planned.build()
    with built.inside():
        assert built.check() <= built.allowed
        built.run()


def test_the_check_of_a_product_notices_tf32_where_float32_was_meant():
    torch.manual_seed(0)
    a, b = torch.randn(256, 256), torch.randn(256, 256)
    # TF32 keeps 10 bits of each number's fraction.
    cut = [(t.view(torch.int32) & ~0x1FFF).view(torch.float32) for t in (a, b)]
    off = case.error(cut[0] @ cut[1], a.double() @ b.double())
    assert case.allowed("fp32", 256) < off < case.allowed("tf32", 256)
    assert case.error(a @ b, a.double() @ b.double()) < case.allowed("fp32", 256)


def test_a_wrong_result_is_not_timed_and_fails_the_run(tmp_path):
    timed = []
    suites = one(lambda: timed.append(1), lambda: 0.5, 0.1)
    assert measure.measure(Tree(tmp_path), CPU, suites) == 1
    found = written(Tree(tmp_path))
    assert found["tables"] == {} and not timed
    assert found["left_out"][0]["failed"] == "wrong by 5.0e-01, allowed 1.0e-01"


def test_a_result_that_is_no_number_is_wrong(tmp_path):
    assert measure.measure(Tree(tmp_path), CPU, one(check=lambda: math.nan)) == 1


def test_what_does_not_fit_into_memory_is_left_out_and_the_rest_goes_on(tmp_path):
    def fail():
        raise torch.OutOfMemoryError("too large")

    suites = {"large": lambda where: iter([Planned({"n": 9}, fail)])} | one()
    assert measure.measure(Tree(tmp_path), CPU, suites) == 0
    found = written(Tree(tmp_path))
    assert found["left_out"] == [{"table": "large", "n": 9, "failed": "out of memory"}]
    assert list(found["tables"]) == ["only"]


def test_a_case_that_raises_does_not_cost_the_others_and_fails_the_run(tmp_path):
    def fail():
        raise ValueError("no such kernel")

    suites = {"bad": lambda where: iter([Planned({"n": 9}, fail)])} | one()
    assert measure.measure(Tree(tmp_path), CPU, suites) == 1
    found = written(Tree(tmp_path))
    assert found["left_out"][0]["failed"] == "raised ValueError"
    assert list(found["tables"]) == ["only"]


def test_a_captured_graph_keeps_what_it_reads(monkeypatch):
    import gc
    import weakref

    for one in stand_in_card.graphs(torch):
        monkeypatch.setattr(*one)
    model, x = torch.nn.Linear(2, 2), torch.ones(1, 2)
    expected, kept = model(x), weakref.ref(model.weight)
    run = moving._captured(model, x)
    del model, x
    gc.collect()
    assert kept() is not None
    assert torch.equal(run(), expected)


def test_when_the_time_is_up_the_rest_is_left_out(tmp_path):
    assert measure.measure(Tree(tmp_path), CPU, one(), limit=0.0) == 0
    (row,) = written(Tree(tmp_path))["left_out"]
    assert row["failed"] == "the time was up"


# Work, counted by hand


def count(planned):
    made = planned.build()
    return made.flops, made.bytes


def test_work_is_counted_as_torch_counts_it():
    from torch.utils.flop_counter import FlopCounterMode

    cases = [partial(arithmetic._matmul, CPU, 32, "fp32")]
    cases += [planned.build for planned in list(arithmetic.convolution(CPU))[:1]]
    cases += [planned.build for planned in list(arithmetic.attention(CPU))[:1]]
    for build in cases:
        made = build()
        with FlopCounterMode(display=False) as counted:
            made.run()
        assert counted.get_total_flops() == made.flops


def test_the_bytes_are_those_of_inputs_and_outputs():
    made = arithmetic._matmul(CPU, 32, "bf16")
    assert made.bytes == 3 * 32 * 32 * 2
    assert moving._within(CPU, 4096).bytes == 2 * 4096
    x = torch.zeros(2**12, 1024)
    chain = arithmetic._chain
    assert arithmetic._pointwise(CPU, chain, chain).bytes == 2 * x.nbytes


def test_the_chain_is_the_formula_that_numpy_computes():
    x = torch.randn(100, dtype=torch.float64)
    y = x.numpy()
    exact = np.maximum(y * 2 + 1, 0) * y - y / 3
    np.testing.assert_allclose(arithmetic._chain(x).numpy(), exact, atol=1e-14)


# Samples


def test_each_sample_comes_after_warm_up_and_a_pause():
    order = []
    found = timing.sample(
        lambda: order.append("run"),
        lambda run, times: [run() for _ in range(times)] and 1.0 * times,
        budget=100,
        between=lambda: order.append("wait"),
    )
    assert order[: timing.WARMUPS + 1] == ["run"] * timing.WARMUPS + ["wait"]
    assert len(found) == timing.SAMPLES >= 20
    assert order[timing.WARMUPS + 2 :] == ["wait", "run"] * timing.SAMPLES
    assert found == [1.0] * timing.SAMPLES


@pytest.mark.parametrize(
    ("takes", "times", "samples"),
    [(1e-5, 100, 20), (0.5, 1, 8), (30.0, 1, timing.FEWEST)],
)
def test_quick_work_is_repeated_and_slow_work_sampled_less(takes, times, samples):
    asked = []

    def seconds(run, count):
        asked.append(count)
        return takes * count

    found = timing.sample(lambda: None, seconds, budget=4.0)
    assert asked == [1] + [pytest.approx(times, abs=1)] * samples
    assert found == pytest.approx([takes] * samples)


def test_the_middle_and_its_spread_are_quartiles():
    found = timing.middle([float(k) for k in range(1, 20)])
    low, median, high = np.percentile(range(1, 20), [25, 50, 75], method="weibull")
    assert found == {"low": low, "median": median, "high": high, "samples": 19}


def test_events_mark_the_queue_around_the_runs(stand_in):
    ran = []
    assert timing.events(lambda: ran.append(1), 3) == 1.0  # one tick, in seconds
    assert len(ran) == 3


def test_the_clock_waits_for_the_device_before_and_after(stand_in, monkeypatch):
    order = []
    monkeypatch.setattr(torch.accelerator, "synchronize", lambda: order.append("wait"))
    assert timing.by_clock(lambda: order.append("run"), 2) >= 0
    assert order == ["wait", "run", "run", "wait"]
    order.clear()
    assert timing.until_returned(lambda: order.append("run"), 2) >= 0
    assert order == ["run", "run"]


def test_a_case_is_timed_by_what_it_asks_for(stand_in, monkeypatch):
    used = []
    for name in ("events", "on_cpu", "by_clock", "until_returned"):
        monkeypatch.setattr(
            timing, name, lambda run, times, name=name: used.append(name) or 1.0
        )
    for where, asks in (
        (stand_in, {}),
        (CPU, {}),
        (stand_in, {"seconds": timing.by_clock}),
        (stand_in, {"seconds": timing.until_returned}),
    ):
        used.append("|")
        measure._times(Case(lambda: None, lambda: 0.0, 0.0, **asks), where)
    said = [part.split()[0] for part in " ".join(used).split("|")[1:]]
    assert said == ["events", "on_cpu", "by_clock", "until_returned"]


# TF32


@pytest.mark.parametrize(("dtype", "wanted"), [("tf32", "tf32"), ("fp32", "ieee")])
def test_float32_products_use_all_bits_unless_tf32_is_measured(dtype, wanted):
    backends = (torch.backends.cuda.matmul, torch.backends.cudnn.conv)
    before = [one.fp32_precision for one in backends]
    with case.precise(dtype):
        assert [one.fp32_precision for one in backends] == [wanted] * 2
    assert [one.fp32_precision for one in backends] == before
    assert torch.get_float32_matmul_precision() == "highest"  # still answers


# The record


def test_a_cpu_is_measured_with_one_thread_and_says_so(tmp_path, small):
    torch.set_num_threads(2)
    suites = {"matmul": arithmetic.matmul, "launch": moving.launch}
    assert measure.measure(Tree(tmp_path), CPU, suites) == 0
    found = written(Tree(tmp_path))
    assert (found["kind"], found["threads"]) == ("cpu", 1)
    assert "device" not in found and not measure.file(Tree(tmp_path), True).exists()
    dtypes = [row["dtype"] for row in found["tables"]["matmul"]]
    assert dtypes == ["fp32", "bf16"]
    for row in found["tables"]["matmul"]:
        assert row["flops"] == 2 * 16**3 and row.keys() >= TIMED
        assert 0 < row["low"] <= row["median"] <= row["high"]


def test_a_gpu_is_measured_by_the_same_code(tmp_path, small, stand_in, monkeypatch):
    monkeypatch.setattr(torch, "compile", None)  # not without a compiler
    suites = {
        name: measure.SUITES[name]
        for name in ("launch", "matmul", "crossover", "training", "memory", "graphs")
    }
    assert measure.measure(Tree(tmp_path), stand_in, suites) == 0
    found = written(Tree(tmp_path), is_gpu=True)
    assert (found["kind"], found["device"]) == ("gpu", "Stand-in card")
    assert {"date", "torch", "driver", "cpu", "threads"} <= found.keys()
    tables = found["tables"]
    assert [row["dtype"] for row in tables["matmul"]] == list(case.DTYPES)
    assert {row["where"] for row in tables["crossover"]} == {
        "cpu",
        "gpu",
        "gpu with copies",
    }
    assert [row["network"] for row in tables["memory"]] == list(training.NETWORKS)
    assert all(row["peak"] == 4096 for row in tables["memory"])
    assert "graphs" not in tables  # the stand-in is no cuda device
    assert not measure.file(Tree(tmp_path), False).exists()


def test_each_way_across_is_planned_for_a_gpu():
    ways = {planned.labels["way"] for planned in moving.copies(Gpu(CPU.device))}
    assert ways == {
        "within the device",
        "to the device, pageable",
        "to the device, pinned",
        "back, pageable",
        "back, pinned",
    }


def test_graphs_are_planned_for_cuda_with_and_without_a_compiler():
    for compiler, ways in ((True, 3), (False, 2)):
        where = Gpu(torch.device("cuda"), compiler)
        assert len(list(moving.graphs(where))) == ways


def test_five_batches_of_each_network_are_planned():
    for where in (CPU, Gpu(CPU.device)):
        rows = [planned.labels for planned in training.training(where)]
        for name in training.NETWORKS:
            assert sum(row["network"] == name for row in rows) == 5


def test_without_a_gpu_nothing_is_measured_unless_the_cpu_was_asked_for(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda **_: None)
    with pytest.raises(Problem, match="gpu-numbers --cpu"):
        measure.place(cpu=False)
    assert not measure.place(cpu=True).is_gpu
    there = torch.device("cuda")
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda **_: there)
    assert measure.place(cpu=False).device == there
    assert not measure.place(cpu=True).is_gpu


def test_the_command_needs_torch_and_the_standard_library_alone():
    code = (
        "import sys, torch\n"
        "before = set(sys.modules)\n"
        "import lab.gpu_numbers.measure\n"
        "new = {n.split('.')[0] for n in set(sys.modules) - before}\n"
        "print(*sorted(new - sys.stdlib_module_names))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=HERE.root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) <= {"harness", "lab", "torch"}


@pytest.mark.parametrize("is_gpu", [False, True])
def test_what_is_recorded_is_whole_and_says_where_it_is_from(is_gpu):
    if not measure.file(HERE, is_gpu).exists():
        assert is_gpu, "the numbers of a CPU are recorded"
        return
    found = written(HERE, is_gpu)
    assert found["kind"] == ("gpu" if is_gpu else "cpu")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["date"])
    assert ("device" in found) == is_gpu
    assert found["cpu"] and found["torch"] and found["threads"] >= 1
    where = Gpu(torch.device("cuda")) if is_gpu else Place(torch.device("cpu"))
    for name, suite in measure.SUITES.items():
        planned = [one.labels for one in suite(where)]
        left_out = [r for r in found["left_out"] if r["table"] == name]
        rows = found["tables"].get(name, [])
        assert len(rows) + len(left_out) == len(planned)
        for row in rows:
            assert {k: row[k] for k in planned[0]} in planned
            assert "peak" in row or 0 < row["low"] <= row["median"] <= row["high"]
            assert row["error"] < 0.1
