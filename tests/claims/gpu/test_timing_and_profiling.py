"""The claims of docs/gpu/timing-and-profiling.md; what is timed is not asserted."""

import inspect
import json
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile, schedule
from torch.utils.benchmark import Timer
from torch.utils.flop_counter import FlopCounterMode

from tests import forked
from tests.claims_support import output, printed, program

without_accelerator = pytest.mark.skipif(
    torch.accelerator.is_available(), reason="says what happens without an accelerator"
)


def run(source):
    done = forked.run(source)
    assert done.returncode == 0, done.stderr
    return done.stdout


# The wrong way


def test_a_call_into_a_queue_returns_before_its_work_is_done():
    with ThreadPoolExecutor(1) as queue:
        asked = queue.submit(time.sleep, 0.5)
        assert not asked.done()
        asked.result()
        assert asked.done()
    assert printed("gpu/clock_stopped_too_early").split() == [
        *"done when the calls had returned: False".split(),
        *"the first time is less than half the second: True".split(),
    ]


def test_when_the_clock_waits_both_answers_change():
    wait = "    last.result()  # wait for the work, as synchronize() does\n"
    clock = "    returned = time.perf_counter() - start\n"
    source = program("gpu/clock_stopped_too_early")
    assert wait in source and clock in source
    changed = source.replace(wait, "").replace(clock, wait + clock)
    assert run(changed) == (
        "done when the calls had returned: True\n"
        "the first time is less than half the second: False\n"
    )


# On any device


@pytest.mark.parametrize("disturbed", [{0}, {3, 4}, {0, 1, 2, 4}])
def test_the_smallest_of_five_times_forgets_a_disturbance(disturbed):
    """By a clock of its own, on which other programs take a minute of some times."""
    names, now, calls = {}, [0.0], []

    def run():
        now[0] += 2 + 60 * (len(calls) - 1 in disturbed)
        calls.append(now[0])

    exec(program("gpu/time_on_any_device").split("sides = ")[0], names)
    names["time"] = SimpleNamespace(perf_counter=lambda: now[0])
    assert names["seconds"](run) == 2
    assert len(calls) == 1 + 5


@without_accelerator
def test_synchronize_raises_where_there_is_no_accelerator():
    with pytest.raises(RuntimeError, match="Cannot access accelerator device"):
        torch.accelerator.synchronize()


@without_accelerator
@pytest.mark.parametrize("timing", [False, True])
def test_a_cpu_records_no_events(timing):
    with pytest.raises(RuntimeError, match="cpu backend doesn't support events."):
        torch.Event(enable_timing=timing).record()


def test_an_event_is_of_the_accelerator_that_there_is():
    assert "the current :ref:`accelerator<accelerators>` type" in torch.Event.__doc__


# Timer


def test_timer_repeats_by_itself_and_gives_a_median_and_a_spread():
    found = Timer("x + 1", globals={"x": torch.ones(2)}).blocked_autorange(
        min_run_time=0.6  # several blocks, on a busy machine, too
    )
    assert found.number_per_run > 1 and len(found.times) > 1
    assert sum(found.times) * found.number_per_run >= 0.6
    low, middle, high = (
        torch.tensor(found.times, dtype=torch.float64).quantile(q).item()
        for q in (0.25, 0.5, 0.75)
    )
    assert found.median == pytest.approx(middle)
    assert "Median: " in str(found) and "IQR: " in str(found)
    assert found.iqr == pytest.approx(high - low)


def test_timer_warms_up():
    calls = []
    found = Timer("calls.append(1)", globals={"calls": calls}).timeit(200)
    assert len(calls) > 200 == found.number_per_run


def test_timer_waits_for_a_gpu_where_torch_has_one():
    from torch.utils.benchmark.utils import timer as module

    text = Path(module.__file__).read_text(encoding="utf-8")
    assert "synchronize()" in text.split("class Language")[0]


def test_timer_uses_one_thread_unless_told_otherwise():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    seen = []
    values = {"seen": seen, "torch": torch}
    note = "seen.append(torch.get_num_threads())"
    try:
        Timer(note, globals=values).timeit(1)
        assert set(seen) == {1}
        seen.clear()
        Timer(note, globals=values, num_threads=torch.get_num_threads()).timeit(1)
        assert set(seen) == {2}
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


# Profiles


@pytest.fixture(scope="module")
def layer():
    model, x = nn.Sequential(nn.Linear(3, 2), nn.ReLU()), torch.ones(4, 3)
    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        model(x)
    return profiler


def test_own_time_and_that_of_what_was_called_make_the_total(layer):
    for event in layer.events():
        inside = sum(child.cpu_time_total for child in event.cpu_children)
        whole = event.self_cpu_time_total + inside
        assert event.cpu_time_total == pytest.approx(whole, abs=0.01)


def test_key_averages_add_up_events_of_one_name(layer):
    names = [event.name for event in layer.events()]
    for row in layer.key_averages():
        assert row.count == names.count(row.key)
        same = [e.self_cpu_time_total for e in layer.events() if e.name == row.key]
        assert row.self_cpu_time_total == pytest.approx(sum(same), abs=0.01)


def test_a_layer_and_its_activation_are_twelve_operations(layer):
    names = [event.name.removeprefix("aten::") for event in layer.events()]
    assert len(names) == 12
    assert [e.name for e in layer.events() if e.cpu_parent is None] == [
        "aten::linear",
        "aten::relu",
    ]
    model = nn.Linear(3, 2)
    with FlopCounterMode(display=False) as work:
        model(torch.ones(4, 3))
    counted = work.get_flop_counts()["Global"]
    assert [str(op) for op in counted] == ["aten.addmm"]


def test_the_table_has_the_columns_that_the_page_names(layer):
    heads = layer.key_averages().table().splitlines()[1]
    assert "Self CPU" in heads and "CPU total" in heads and "# of Calls" in heads
    assert "'Self CPU'" in printed("gpu/columns_of_the_table")


def test_without_activities_all_that_there_are_are_profiled():
    with profile() as profiler:
        torch.ones(2) + 1
    assert profiler.activities == torch.profiler.supported_activities()


def test_the_profiler_has_no_activity_for_an_apple_gpu():
    names = {name.upper() for name in ProfilerActivity.__members__}
    assert {"CPU", "CUDA", "XPU"} <= names
    assert not {"MPS", "METAL"} & names


def test_a_trace_is_a_file_for_a_viewer(layer, tmp_path):
    file = tmp_path / "trace.json"
    layer.export_chrome_trace(str(file))
    events = json.loads(file.read_text())["traceEvents"]
    assert "aten::addmm" in {event.get("name") for event in events}
    times = [e["dur"] for e in events if e.get("name") == "aten::addmm"]
    assert times and min(times) > 0


def test_a_schedule_skips_drops_and_keeps_rounds():
    plan = schedule(wait=1, warmup=1, active=3)
    actions = [plan(step).name for step in range(5)]
    assert actions == ["NONE", "WARMUP", "RECORD", "RECORD", "RECORD_AND_SAVE"]
    for name in ("forward", "backward", "update"):
        assert f"{name}: 3 of 5 rounds" in printed("gpu/name_your_parts")


@pytest.mark.filterwarnings("ignore:Warning. Profiler clears events")
@pytest.mark.parametrize(("repeat", "kept"), [(0, 0), (1, 3 + 4)])
def test_a_schedule_begins_again_and_forgets_unless_told_how_often(repeat, kept):
    plan = schedule(wait=1, warmup=1, active=2, repeat=repeat)
    with profile(activities=[ProfilerActivity.CPU], schedule=plan) as profiler:
        for rounds in range(1, 10):  # two whole cycles, and one that only waits
            for _ in range(rounds):
                torch.sin(torch.ones(2))
            profiler.step()
    counts = {row.key: row.count for row in profiler.key_averages()}
    assert counts.get("aten::sin", 0) == kept


def test_starting_and_stopping_a_profile_prints_lines_since_this_torch(capfd):
    with profile(activities=[ProfilerActivity.CPU]):
        torch.ones(2)
    lines = capfd.readouterr().err.splitlines()
    assert torch.__version__ >= "2.13", "the page says: torch 2.13"
    assert [line[:5] for line in lines] == ["USDT:"] * 2


# Pitfalls


def test_a_new_shape_can_be_a_first_call_again():
    compiled = []

    def backend(graph, inputs):
        compiled.append(graph)
        return graph.forward

    torch._dynamo.reset()
    chain = torch.compile(lambda x: (x * 2 + 1).sin(), backend=backend)
    counts = []
    for size in (1000, 1000, 2000, 3000):
        chain(torch.ones(size))
        counts.append(len(compiled))
    assert counts == [1, 1, 2, 2]


def test_the_first_call_of_a_compiled_function_prepares():
    assert printed("gpu/first_call_prepares").endswith("True\n")


@pytest.mark.parametrize("maker", [torch.cuda, torch.xpu, torch.mps])
def test_each_maker_has_an_event_of_its_own_that_can_time(maker):
    made = maker.Event.__new__ if maker is not torch.mps else maker.Event.__init__
    assert "enable_timing" in inspect.signature(made).parameters
    assert callable(maker.Event.elapsed_time)


def test_a_table_sorts_by_the_total_time_too(layer):
    table = layer.key_averages().table(sort_by="cpu_time_total", row_limit=1)
    assert "aten::" in table.splitlines()[3]


def test_a_copy_goes_on_by_itself_only_if_told_so():
    words = " ".join(torch.Tensor.to.__doc__.split())
    assert "non_blocking=False" in words
    assert "attempts to perform the conversion asynchronously with respect" in words


# What grows


@pytest.mark.parametrize("cell", ["RNNCell", "GRUCell"])
def test_a_state_that_keeps_its_graph_makes_backward_longer(cell):
    shown = output("gpu/state_keeps_its_history", {"RNNCell": cell})
    counts = [int(line.split()[-2]) for line in shown.splitlines()]
    kept, cut = counts[:4], counts[4:]
    assert len(set(cut)) == 1 and kept[0] == cut[0]
    steps = {after - before for before, after in pairwise(kept)}
    assert len(steps) == 1 and min(steps) > 0


def test_without_retain_graph_a_kept_state_raises():
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        output("gpu/state_keeps_its_history", {"retain_graph=True": ""})


def test_a_hook_is_called_as_often_as_it_was_registered_until_it_is_removed():
    calls = [line.split()[-2] for line in printed("gpu/hooks_pile_up").splitlines()]
    assert calls == ["1", "2", "3", "4"]
    layer, seen = nn.ReLU(), []
    handles = [layer.register_forward_hook(lambda *_: seen.append(1)) for _ in "ab"]
    handles[0].remove()
    layer(torch.ones(1))
    assert seen == [1]


def test_a_table_can_be_sorted_by_the_times_of_the_gpu():
    with torch.profiler.profile() as profiler:
        torch.ones(3) + 1
    rows = profiler.key_averages()
    assert "aten::add" in rows.table(sort_by="self_device_time_total")
    assert all(hasattr(row, "self_device_time_total") for row in rows)
