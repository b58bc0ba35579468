"""The claims of docs/distributed/hangs.md, on two processes of the CPU."""

import importlib.metadata
import re
from datetime import timedelta
from pathlib import Path

import pytest
import torch
import torch.distributed as dist

from harness.core import records
from harness.core.snippet import Snippet
from harness.core.tree import HERE
from tests import forked
from tests.claims_support import cited
from tests.ranks import in_processes

pytestmark = pytest.mark.timeout(300)

SNIPPETS = Path(__file__).parents[3] / "snippets/distributed"
# A model that leaves one of its weights out.
SKIPS = """
from torch import nn
from torch.nn.parallel import DistributedDataParallel

class Skips(nn.Module):
    def __init__(self):
        super().__init__()
        self.used, self.unused = nn.Linear(2, 1), nn.Linear(2, 1)

    def forward(self, x):
        return self.used(x)
"""
BODY = (
    SKIPS
    + """
def twice(**options):
    model = DistributedDataParallel(Skips(), **options)
    for _ in range(2):
        model(torch.ones(1, 2)).sum().backward()

facts["unused"] = attempt(twice)

def evaluated():
    model = DistributedDataParallel(Skips())
    model(torch.ones(1, 2)).sum().backward()
    with torch.no_grad():
        model(torch.ones(1, 2))

facts["evaluated"] = attempt(evaluated)
facts["looked for"] = attempt(lambda: twice(find_unused_parameters=True))

def unequal():
    model = DistributedDataParallel(nn.Linear(2, 1))
    with model.join():
        for _ in range(3 + rank):
            model(torch.ones(1, 2)).sum().backward()

facts["joined"] = attempt(unequal)

store = dist.distributed_c10d._get_default_store()
if rank == 1:  # it comes only when rank 0 is through
    store.wait(["rank 0 did not wait"])
dist.all_reduce(torch.ones(0))
dist.all_gather([torch.ones(0), torch.ones(0)], torch.ones(0))
late = torch.ones(1)
work = dist.all_reduce(late, async_op=True)
store.set("rank 0 did not wait", "yes")
work.wait()
facts["late"] = late.item()

stop = torch.tensor(rank)
dist.all_reduce(stop, op=dist.ReduceOp.MAX)
facts["max"] = stop.item()
"""
)
DETAIL = """
from datetime import timedelta

x = torch.ones(1)
store = dist.distributed_c10d._get_default_store()
if rank == 0:
    facts["differ"] = attempt(lambda: dist.all_reduce(x))
else:
    facts["differ"] = attempt(lambda: dist.broadcast(x, 0))
facts["shapes"] = attempt(lambda: dist.all_reduce(torch.ones(1 + rank)))
mine = torch.ones(1, dtype=(torch.float64, torch.int64)[rank])
facts["types"] = attempt(lambda: dist.all_reduce(mine))
op = (dist.ReduceOp.SUM, dist.ReduceOp.MAX)[rank]
facts["reductions"] = attempt(lambda: dist.all_reduce(x, op=op))
for missing in range(2):
    group = dist.new_group(timeout=timedelta(seconds=2))
    if rank != missing:
        facts["missing"] = attempt(lambda: dist.all_reduce(x, group=group))
    store.set(f"{missing} {rank}", "done")  # of a barrier, DETAIL would tell, too
    store.wait([f"{missing} {other}" for other in range(2)])
"""
# Rank 0 sends to 1 and 2, and 1 sends on to 3. Who calls at all calls at once.
BROADCAST = """
from datetime import timedelta

for missing in range(4):
    group = dist.new_group(timeout=timedelta(seconds=2))
    dist.barrier()
    if rank != missing:
        said = attempt(lambda: dist.broadcast(torch.ones(1), 0, group=group))
        facts[missing] = "fine" if said == "fine" else "waits"
    dist.barrier()
"""


@pytest.fixture(scope="module")
def facts():
    return in_processes(BODY)


def test_a_weight_without_gradient_stops_the_next_forward(facts):
    text = "Expected to have finished reduction in the prior iteration before starting"
    assert all(text in f["unused"] for f in facts)
    assert all(f["looked for"] == "fine" for f in facts)


def test_a_forward_pass_without_gradients_says_nothing(facts):
    assert all(f["evaluated"] == "fine" for f in facts)


def test_nobody_waits_for_empty_tensors_or_after_async_op(facts):
    assert [f["late"] for f in facts] == [2, 2]


def test_join_lets_ranks_have_different_numbers_of_batches(facts):
    assert all(f["joined"] == "fine" for f in facts)


OWN_CALL = """
from datetime import timedelta
from torch import nn
from torch.nn.parallel import DistributedDataParallel

group = dist.new_group(timeout=timedelta(seconds=2))
model = DistributedDataParallel(nn.Linear(2, 1))
facts["said"] = []
with model.join():
    for _ in range(1 + rank):
        loss = model(torch.ones(1, 2)).sum()
        loss.backward()
        total = loss.detach()
        facts["said"].append(attempt(lambda: dist.all_reduce(total, group=group)))
"""


def test_join_answers_ddp_but_no_all_reduce_of_the_loop():
    first, second = in_processes(OWN_CALL)
    assert first["said"] == ["fine"] and second["said"][0] == "fine"
    assert "Timed out" in second["said"][1]


def test_a_new_group_and_a_mesh_keep_the_default_timeout(monkeypatch):
    """A fake group of four needs no other process; its helper is told each timeout."""
    fake = pytest.importorskip("torch.testing._internal.distributed.fake_pg")
    make, short = dist.distributed_c10d._new_process_group_helper, timedelta(seconds=20)
    told = []

    def spy(*arguments, **named):
        told.append(named["timeout"])
        return make(*arguments, **named)

    monkeypatch.setattr(dist.distributed_c10d, "_new_process_group_helper", spy)
    one_of_four = {"store": fake.FakeStore(), "rank": 0, "world_size": 4}
    dist.init_process_group("fake", timeout=short, **one_of_four)
    try:
        assert told.pop() == short
        dist.init_device_mesh("cpu", (2, 2))
        dist.new_group([0, 1])
        assert len(told) > 2 and set(told) == {timedelta(minutes=30)}
        dist.new_group([0, 1], timeout=short)
        assert told[-1] == short
    finally:
        dist.destroy_process_group()


def test_max_is_one_as_soon_as_one_rank_says_so(facts):
    assert [f["max"] for f in facts] == [1, 1]


@pytest.fixture(scope="module")
def detail():
    return in_processes(DETAIL, TORCH_DISTRIBUTED_DEBUG="DETAIL")


def test_detail_names_what_differs(detail):
    for f in detail:
        assert "Detected mismatch between collectives on ranks." in f["differ"]
        assert "ALLREDUCE" in f["differ"] and "BROADCAST" in f["differ"]
        for kind in ("shapes", "types"):
            assert "Detected mismatch between collectives on ranks." in f[kind]


def test_detail_does_not_compare_reductions(detail):
    assert [f["reductions"] for f in detail] == ["fine", "fine"]


def test_detail_names_the_rank_that_is_missing(detail):
    assert "Ranks 1 failed to pass monitoredBarrier" in detail[0]["missing"]


def test_detail_says_otherwise_that_rank_0_is_missing(detail):
    text = "Rank 1 successfully reached monitoredBarrier, but received errors while "
    assert text + "waiting for send/recv from rank 0" in detail[1]["missing"]


def test_a_broadcast_waits_only_for_those_it_exchanges_data_with():
    said = in_processes(BROADCAST, count=4)
    waits = {
        missing: [one.get(str(missing), "-") for one in said] for missing in range(4)
    }
    assert waits == {
        0: ["-", "waits", "waits", "waits"],
        1: ["waits", "-", "fine", "waits"],
        2: ["waits", "fine", "-", "fine"],
        3: ["fine", "waits", "fine", "-"],
    }


def test_gloo_waits_for_half_an_hour():
    assert dist.distributed_c10d.default_pg_timeout == timedelta(minutes=30)


def test_when_rank_1_comes_nobody_waits(tmp_path):
    source = (SNIPPETS / "skipped_all_reduce.py").read_text(encoding="utf-8")
    asleep = "time.sleep(12)"
    assert source.count(asleep) == 1
    program = tmp_path / "comes.py"
    program.write_text(source.replace(asleep, "dist.all_reduce(torch.ones(1))"))
    ended = forked.ranks(program)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout == ""


# NCCL, as torch's source has it: this build has none


def test_nccl_ends_the_process_after_the_timeout():
    """torch/distributed/distributed_c10d.py and the header of its C++ class."""
    words = " ".join(dist.init_process_group.__doc__.split())
    assert "10 minutes for NCCL and 30 minutes for other backends" in words
    assert "collectives will be aborted asynchronously and the process will" in words
    header = "include/torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp"
    source = (Path(torch.__file__).parent / header).read_text(encoding="utf-8")
    assert "the default value (3 - SkipCleanUp)" in source
    assert re.search(r"SkipCleanUp = 3\b", source)
    assert "SHOULD_TEAR_DOWN(a) (a != NoHandling && a != CleanUpOnly)" in source
    assert "std::chrono::milliseconds(10 * 60 * 1000)" in source


def test_the_flight_recorder_is_on_and_torchfrtrace_is_installed():
    include = Path(torch.__file__).parent / "include/torch/csrc/distributed/c10d"
    source = (include / "FlightRecorder.hpp").read_text(encoding="utf-8")
    names = '{"TORCH_FR_BUFFER_SIZE", "TORCH_NCCL_TRACE_BUFFER_SIZE"}, 2000)'
    assert names in source and "enabled_ = max_entries_ > 0" in source
    header = (include / "ProcessGroupNCCL.hpp").read_text(encoding="utf-8")
    assert '"TORCH_NCCL_DUMP_ON_TIMEOUT"' in header
    commands = importlib.metadata.distribution("torch").entry_points
    assert "torchfrtrace" in commands.names


# Every page that shows programs of several processes

SAYS = r"Every program here ran with Gloo(?: on CPU processes|, the backend for CPUs);"
PAGES = [*sorted((HERE.docs / "distributed").glob("*.md"))]
PAGES.append(HERE.docs / "errors/distributed.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: HERE.show(page))
def test_each_page_says_first_that_its_programs_ran_on_gloo(page):
    text = page.read_text(encoding="utf-8")
    program = r'^(?: *--8<-- "(?!report/)|## )'  # a table of errors is none
    top, *_ = re.split(program, text, maxsplit=1, flags=re.M)
    groups = []
    for name in re.findall(r'^ *--8<-- "(?!report/)(\w+(?:/\w+)+)\.md', text, re.M):
        one = Snippet(HERE, name)
        if not one.path.exists():
            continue  # the beginning of an exercise: its solution is here, too
        makes = r"init_process_group\(\s*([^,)\s]*)|init_device_mesh\(([^,]*)"
        for group, mesh in re.findall(makes, one.source):
            groups.append(name)
            # `backend` is chosen by device: this one has none but the CPU.
            named = group.startswith("dist.get_default_backend_for_device(")
            refused = group == '"nccl"' and one.source.startswith("# raises: ")
            assert named or refused or group in ('"gloo"', "backend", "")
            assert mesh in ('"cpu"', "")
        assert not records.path(HERE, "gpu", name).exists()
    said = re.search(SAYS, top) and "what-is-different-with-nccl" in top
    assert bool(said) == bool(groups)  # a page of one process says nothing


def test_static_graph_allows_a_weight_that_no_step_uses():
    facts = in_processes(
        SKIPS
        + """
def steps():
    model = DistributedDataParallel(Skips(), static_graph=True)
    for _ in range(3):
        model(torch.ones(1, 2)).sum().backward()

facts["steps"] = attempt(steps)
"""
    )
    assert [one["steps"] for one in facts] == ["fine", "fine"]


def test_the_answers_on_p2p_say_what_the_page_says():
    known = cited()
    first, why, cure = known["https://github.com/NVIDIA/nccl/issues/631"]["holds"]
    assert "reduced performance" in first and "ACS" in why
    assert "VT-d" in cure and "iommu=pt" in cure
    (driver,) = known["https://github.com/dmlc/xgboost/issues/11242"]["holds"]
    assert "Update the GPU driver" in driver
