"""What the page of errors with several processes claims beyond its programs."""

import json
import re
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch import nn
from torch.utils.data import DistributedSampler

from harness.core import page, snippet
from harness.core.tree import HERE
from tests import error_entries, forked
from tests.ranks import in_processes

pytestmark = pytest.mark.timeout(300)

SNIPPETS = Path(__file__).parents[3] / "snippets" / "errors" / "distributed"
ENTRIES = [
    entry
    for entry in error_entries.entries(page.find(HERE))
    if entry.page.name == "errors/distributed.md"
]


# The programs


ONE_AFTER_THE_OTHER = """
import contextlib, gc, io, json, os, runpy, sys
import torch.distributed as dist

def threads():
    names = []
    for task in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{task}/comm") as file:
            names.append(file.read())
    return sum("gloo" in name for name in names)

left = {}
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            runpy.run_path(path, run_name="__main__")
        except Exception:
            pass
    gc.collect()
    left[path] = dist.is_initialized(), threads()
print(json.dumps(left), flush=True)
os._exit(0)
"""


def run_in_one_process(paths, backwards: bool) -> dict:
    ordered = sorted(map(str, paths), reverse=backwards)
    ended = forked.run(ONE_AFTER_THE_OTHER, *ordered)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return json.loads(ended.stdout)


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
def test_the_programs_run_one_after_the_other_in_one_notebook(backwards):
    """Whatever stood in the page before: no group is left, and no thread of one."""
    known = {one.name: one for one in snippet.find(HERE)}
    shown = {known[name] for entry in ENTRIES for name in entry.snippets}
    paths = [one.path for one in shown if not one.directives.run]
    assert len(paths) >= 18
    left = run_in_one_process(paths, backwards)
    assert [path for path, (group, _) in left.items() if group] == []
    # Only fully_shard keeps threads, as the page about it says.
    kept = ("dtensor_meets_tensor.py", "weight_gathered.py")
    kept += ("tied_weights_in_two_groups.py", "tied_weights_in_one_group.py")
    order = list(left)
    first = next(i for i, path in enumerate(order) if path.endswith(kept))
    assert [left[path][1] for path in order[:first]] == [0] * first


@pytest.mark.parametrize("keeps", [False, True], ids=["imported before", "by DDP"])
def test_the_import_keeps_threads_from_outliving_the_group(tmp_path, keeps):
    source = (SNIPPETS / "model_inside_ddp.py").read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    if keeps:
        lines = [line for line in lines if "torch.distributed.nn " not in line]
        assert len(lines) == source.count("\n") - 1
    program = tmp_path / "ddp.py"
    program.write_text("".join(lines), encoding="utf-8")
    ((group, threads),) = run_in_one_process([program], False).values()
    assert not group and bool(threads) == keeps


RAISES = """
import torch.distributed as dist

dist.init_process_group("gloo")
dist.barrier()
if dist.get_rank() == 1:
    raise ValueError("on purpose")
dist.barrier()
"""


def test_torchrun_ends_with_a_text_of_its_own_below_yours(tmp_path):
    program = tmp_path / "raises.py"
    program.write_text(RAISES, encoding="utf-8")
    lines = forked.torchrun(program).stderr.splitlines()
    yours = lines.index("[rank1]: ValueError: on purpose")
    theirs = [i for i, line in enumerate(lines) if "ChildFailedError" in line]
    assert theirs and yours < theirs[-1]
    assert lines[yours - 1].startswith("[rank1]: ")  # as each line of the traceback


# Starting and meeting


def test_port_0_is_another_free_port_each_time():
    one, other = (dist.TCPStore("127.0.0.1", 0, is_master=True) for _ in range(2))
    assert one.port != other.port and 0 not in (one.port, other.port)


def test_the_port_is_free_again_once_nobody_listens():
    port = dist.TCPStore("127.0.0.1", 0, is_master=True).port
    assert dist.TCPStore("127.0.0.1", port, is_master=True).port == port


def test_rank_0_waits_for_half_an_hour(monkeypatch):
    asked = []

    def meet(*args, timeout, **options):
        asked.append(timeout)
        raise ConnectionError

    monkeypatch.setattr(dist.distributed_c10d, "rendezvous", meet)
    with pytest.raises(ConnectionError):
        dist.init_process_group("gloo", "tcp://127.0.0.1:0", rank=0, world_size=2)
    assert asked == [timedelta(minutes=30)]


def test_rank_1_may_come_with_the_same_address_and_port():
    program = """
        from datetime import timedelta
        import torch.distributed as dist

        store = dist.TCPStore("127.0.0.1", 0, 2, True, wait_for_workers=False)
        address, two = ("127.0.0.1", store.port), timedelta(seconds=20)
        rank_1 = dist.TCPStore(*address, 2, False, two)
        store.set("met", "yes")
        print(rank_1.get("met").decode())
    """
    assert forked.run(textwrap.dedent(program)).stdout == "yes\n"


def test_a_process_that_knows_its_rank_passes_it_on():
    program = """
        import os
        import torch.distributed as dist

        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="0")
        try:
            dist.init_process_group("gloo")
        except ValueError as error:
            print("RANK expected" in str(error))
        dist.init_process_group("gloo", rank=0, world_size=1)
        print(dist.get_rank(), "of", dist.get_world_size())
        dist.destroy_process_group()
    """
    assert forked.run(textwrap.dedent(program)).stdout == "True\n0 of 1\n"


@pytest.mark.parametrize("rank", [-1, 0, 1, 2])
def test_two_processes_have_the_ranks_0_and_1(rank):
    data = range(6)
    if rank in (0, 1):
        sampler = DistributedSampler(data, 2, rank, shuffle=False)
        assert list(sampler) == list(data)[rank::2]
    else:
        with pytest.raises(ValueError, match=rf"Invalid rank {rank}, rank should be"):
            DistributedSampler(data, 2, rank)


# Collectives


def test_the_milliseconds_are_your_own_timeout(tmp_path):
    source = (SNIPPETS / "rank_1_never_sends.py").read_text(encoding="utf-8")
    assert source.count("seconds=1)") == 1
    ended = forked.run(source.replace("seconds=1)", "seconds=1.5)"))
    last = ended.stderr.splitlines()[-1]
    assert last.endswith("Timed out waiting 1500ms for recv operation to complete")


def test_who_sets_no_timeout_reads_half_an_hour():
    program = """
import torch
import torch.distributed as dist

alone = dist.ProcessGroupGloo(dist.HashStore(), 0, 1)
store = dist.HashStore()
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
world = dist.group.WORLD._get_backend(torch.device("cpu"))
other = dist.new_group([0])._get_backend(torch.device("cpu"))
print(*[group.options._timeout for group in (alone, world, other)])
dist.destroy_process_group()
"""
    assert forked.run(program).stdout.split() == ["0:30:00"] * 3


def test_nccl_has_no_place_for_a_tensor_on_the_cpu():
    of = dist.Backend.backend_capability
    assert of["nccl"] == ["cuda"] and "cpu" in of["gloo"]
    both = dist.distributed_c10d.BackendConfig(dist.Backend("cpu:gloo,cuda:nccl"))
    assert both.get_device_backend_map() == {"cpu": "gloo", "cuda": "nccl"}


# Models


def test_without_the_layer_ddp_needs_no_option():
    source = (SNIPPETS / "weight_without_a_gradient.py").read_text(encoding="utf-8")
    layers = "self.used, self.unused = nn.Linear(2, 1), nn.Linear(2, 1)"
    assert source.count(layers) == 1
    less = source.replace(layers, "self.used = nn.Linear(2, 1)")
    ended = forked.run(less, modules=forked.WITH_DDP)
    assert ended.returncode == 0, ended.stderr[-2000:]


def test_the_indices_in_the_text_are_those_of_the_unused_layer():
    text = (SNIPPETS / "weight_without_a_gradient.out").read_text(encoding="utf-8")
    names = [
        name
        for name, _ in nn.ModuleDict(
            {"used": nn.Linear(2, 1), "unused": nn.Linear(2, 1)}
        ).named_parameters()
    ]
    assert "did not receive grad for rank 0: 2 3" in text
    assert names[2:] == ["unused.weight", "unused.bias"]


def test_the_text_itself_names_outputs_that_the_loss_leaves_out():
    text = (SNIPPETS / "weight_without_a_gradient.out").read_text(encoding="utf-8")
    assert "`forward` function outputs participate in calculating loss" in text


READY = """
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

store = dist.HashStore()
dist.init_process_group("gloo", store=store, rank=0, world_size=1)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.other = nn.Linear(2, 2), nn.Linear(2, 2)

    def forward(self, x):
        return self.one(x).sum(), self.other(x).sum()

def two_calls(model, x):
    first, second = model(x)[0], model(x)[0]
    first.backward()
    second.backward()

def kept_graph(model, x):
    loss = model(x)[0]
    loss.backward(retain_graph=True)
    loss.backward()

def losses_added(model, x):
    first, second = model(x), model(x)
    (sum(first) + sum(second)).backward()

def in_turn(model, x):
    for _ in range(2):
        sum(model(x)).backward()

def whole_first(model, x):
    first, second = sum(model(x)), model(x)[0]
    first.backward()
    second.backward()

for how in (two_calls, kept_graph, losses_added, in_turn, whole_first):
    try:
        how(DistributedDataParallel(Net()), torch.ones(1, 2))
        print(how.__name__, "works")
    except RuntimeError as error:
        print(how.__name__, str(error)[:44])

class Sometimes(Net):
    def forward(self, x):
        return self.one(x).sum() + (self.other(x).sum() if x.any() else 0)

for looks in (False, True):
    model = DistributedDataParallel(Sometimes(), find_unused_parameters=looks)
    whole, part = model(torch.ones(1, 2)), model(torch.zeros(1, 2))
    try:
        whole.backward()
        part.backward()
        print("looks" if looks else "by default", "works")
    except RuntimeError as error:
        print("looks" if looks else "by default", str(error)[:44])

from torch.utils.checkpoint import checkpoint

class Saving(Net):
    def forward(self, x):
        return checkpoint(self.other, self.one(x), use_reentrant=self.again).sum()

for Net.again in (True, False):
    for looks in (False, True):
        model = DistributedDataParallel(Saving(), find_unused_parameters=looks)
        try:
            for _ in range(3):
                model(torch.ones(1, 2)).backward()
            print("once", Net.again, looks, "works")
        except RuntimeError as error:
            print("once", Net.again, looks, str(error)[:44])

for used in ([0, 0, 0, 0], [1, 1, 0, 0]):
    model = DistributedDataParallel(Sometimes())
    try:
        for step, x in enumerate(used, 1):
            model(torch.full((1, 2), float(x))).backward()
    except RuntimeError as error:
        print("step", step, str(error)[:37])
dist.destroy_process_group()
"""


def test_two_backward_calls_mark_a_weight_twice_and_one_does_not():
    ended = forked.run(READY, modules=forked.WITH_DDP)
    assert ended.stdout.splitlines() == [
        "two_calls Expected to mark a variable ready only once.",
        "kept_graph Expected to mark a variable ready only once.",
        "losses_added works",
        "in_turn works",
        "whole_first works",
        "by default works",
        "looks Expected to mark a variable ready only once.",
        "once True False works",
        "once True True Expected to mark a variable ready only once.",
        "once False False works",
        "once False True works",
        "step 2 Expected to have finished reduction i",
        "step 4 Expected to have finished reduction i",
    ], ended.stderr[-2000:]


def test_the_index_in_the_text_is_of_the_shared_layer():
    text = (SNIPPETS / "weight_ready_twice.out").read_text(encoding="utf-8")
    layers = {"first": nn.Linear(2, 2), "shared": nn.Linear(2, 2)}
    names = [name for name, _ in nn.ModuleDict(layers).named_parameters()]
    index = int(re.search(r"Parameter at index (\d+)", text)[1])
    assert names[index].startswith("shared.")


def test_a_gradient_of_the_sum_by_hand():
    """What the program with `find_unused_parameters` prints as the bias's gradient."""
    text = (SNIPPETS / "unused_weights_found.out").read_text(encoding="utf-8")
    assert text.splitlines() == [f"step {i} tensor([1.])" for i in (0, 1)]
    layer = nn.Linear(2, 1)
    layer(torch.ones(1, 2)).sum().backward()
    assert layer.bias.grad.tolist() == [1.0]


LATE = """
from torch import nn
from torch.nn.parallel import DistributedDataParallel

def gradients(before):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1)).requires_grad_(False)
    model[1].requires_grad_(True)
    if before:
        model[0].requires_grad_(True)
    shared = DistributedDataParallel(model)
    model[0].requires_grad_(True)
    shared(torch.ones(1, 2) + rank).sum().backward()
    return model[0].weight.grad.tolist(), model[1].weight.grad.tolist()

facts["before"], facts["after"] = gradients(True), gradients(False)
model = nn.Linear(2, 1)
facts["inside"] = DistributedDataParallel(model).module is model
"""


DRIFT = """
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

def twice(model, x):
    first, second = model(x).sum(), model(x).sum()
    first.backward()
    second.backward()

def kept(model, x):
    loss = model(x).sum()
    loss.backward(retain_graph=True)
    loss.backward()

x = torch.ones(1, 2) + rank
for how in (twice, kept):
    torch.manual_seed(0)
    model = DistributedDataParallel(nn.Linear(2, 1))
    facts[how.__name__] = attempt(lambda: how(model, x))
    facts[how.__name__ + " grad"] = model.module.weight.grad.tolist()

frozen = nn.Sequential(nn.Linear(2, 2).requires_grad_(False), nn.Linear(2, 1))
frozen.unused = nn.Linear(2, 1)
frozen.forward = lambda x: frozen[1](frozen[0](x))
facts["names"] = [name for name, _ in frozen.named_parameters()]
model = DistributedDataParallel(frozen)
model(x).sum().backward()
facts["unused"] = attempt(lambda: model(x))
for how in (twice, kept):
    model = DistributedDataParallel(frozen, find_unused_parameters=True)
    model.zero_grad()
    facts[how.__name__ + " found"] = attempt(lambda: how(model, x))
    facts[how.__name__ + " weight"] = model.module[1].weight.grad.tolist()
"""

OWN = """
class Own(nn.Linear):
    def loss(self, x):
        return self(x).sum()

calls = {"own": lambda model: model.module.loss(x), "ddp": lambda model: model(x).sum()}
for name, loss in calls.items():
    torch.manual_seed(0)
    model = DistributedDataParallel(Own(2, 1))
    loss(model).backward()
    facts[name] = model.module.weight.grad.tolist()

model = DistributedDataParallel(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)))
model.module[0].requires_grad_(False)  # after DDP
model(x).sum().backward()
facts["froze late"] = attempt(lambda: model(x))
"""


SHARDED = """
from torch import nn
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor

torch.manual_seed(0)
alone = nn.Linear(2, 4)
model = nn.Linear(2, 4)
model.load_state_dict(alone.state_dict())
fully_shard(model, mesh=dist.init_device_mesh("cpu", (2,)))
x = torch.ones(1, 2)
facts["type"] = isinstance(model.weight, DTensor)
facts["plain"] = attempt(lambda: x @ model.weight.T)
facts["scaled"] = attempt(lambda: model.weight * torch.tensor(2.0))
facts["whole"] = torch.equal(model.weight.full_tensor(), alone.weight)
facts["called"], facts["expected"] = model(x).tolist(), alone(x).tolist()
"""
GATHERED_BY_ONE = """
import time
from datetime import timedelta
from torch.distributed.tensor import Shard, distribute_tensor

mesh = dist.init_device_mesh("cpu", (2,))
rows = distribute_tensor(torch.arange(4.0), mesh, [Shard(0)])
dist.distributed_c10d._set_pg_timeout(timedelta(seconds=2), mesh.get_group())
if rank == 0:
    facts["gathers"] = attempt(rows.full_tensor)
else:
    time.sleep(6)
"""


@pytest.fixture(scope="module")
def facts():
    """What the bodies find, one after the other; the last leaves a broken group."""
    return in_processes(LATE + DRIFT + OWN + SHARDED + GATHERED_BY_ONE)


def test_ddp_shares_only_what_trains_when_it_is_made(facts):
    one, other = facts
    assert one["before"] == other["before"]
    assert one["after"][0] != other["after"][0] and one["after"][1] == other["after"][1]
    assert one["inside"]


def test_a_sharded_weight_meets_no_plain_tensor_but_its_module_does(facts):
    for found in facts:
        assert found["type"] and found["whole"]
        assert "got mixed torch.Tensor and DTensor" in found["plain"]
        assert found["called"][0] == pytest.approx(found["expected"][0], abs=1e-6)


def test_all_must_call_full_tensor(facts):
    assert "Timed out waiting" in facts[0]["gathers"]


@pytest.mark.parametrize("how", ["twice", "kept"])
def test_looking_for_unused_weights_hides_a_second_backward(facts, how):
    assert [found[f"{how} found"] for found in facts] == ["fine", "fine"]
    one, other = (found[f"{how} weight"] for found in facts)
    assert one != other


@pytest.mark.parametrize("how", ["twice", "kept"])
def test_a_second_backward_after_a_whole_first_one_is_silently_not_shared(facts, how):
    assert [found[how] for found in facts] == ["fine", "fine"]
    one, other = (found[f"{how} grad"] for found in facts)
    assert one != other


def test_a_method_of_the_model_inside_trains_without_sharing(facts):
    one, other = facts
    assert one["own"] != other["own"] and one["ddp"] == other["ddp"]


def test_a_layer_frozen_after_ddp_gets_no_gradient_either(facts):
    for found in facts:
        assert "Expected to have finished reduction" in found["froze late"]


def test_frozen_weights_do_not_count_in_the_indices(facts):
    for found in facts:
        assert "did not receive grad for rank" in found["unused"]
        indices = re.search(r"for rank \d: ([\d ]+)", found["unused"])[1].split()
        trained = [n for n in found["names"] if not n.startswith("0.")]
        assert [trained[int(i)] for i in indices] == ["unused.weight", "unused.bias"]
        assert found["names"].index("unused.weight") == 4


def test_one_number_may_meet_a_sharded_weight(facts):
    assert [found["scaled"] for found in facts] == ["fine", "fine"]


def test_the_number_of_the_process_comes_with_the_group():
    program = """
        import sys
        import torch.distributed as dist

        before = sys.excepthook
        store = dist.HashStore()
        dist.init_process_group("gloo", store=store, rank=0, world_size=1)
        print(sys.excepthook is before)
        dist.destroy_process_group()
    """
    assert forked.run(textwrap.dedent(program)).stdout == "False\n"


def test_nccl_waits_for_ten_minutes_by_default():
    text = dist.init_process_group.__doc__
    assert "10 minutes for NCCL and 30 minutes for other backends" in text


def test_torchrun_itself_can_fail_without_a_child(tmp_path):
    """A taken port is one case; here it is a wish that no CPU can fulfil."""
    from torch.distributed import run

    if torch.cuda.is_available():
        pytest.skip("needs a machine without a GPU")
    with pytest.raises(ValueError, match="Cuda is not available"):
        run.main(["--nproc-per-node", "gpu", str(tmp_path / "no.py")])


def test_data_parallel_hides_the_attributes_of_its_model_too():
    wrapped = nn.DataParallel(nn.Linear(2, 1))
    with pytest.raises(AttributeError, match="^'DataParallel' object has no attribute"):
        wrapped.weight  # noqa: B018
    assert wrapped.module.weight.shape == (1, 2)


CAUSES = """
import json
import torch
import torch.distributed as dist
import torch.distributed.nn
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.checkpoint import checkpoint

store = dist.HashStore()
dist.init_process_group("gloo", store=store, rank=0, world_size=1)

class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.other = nn.Linear(2, 2), nn.Linear(2, 2)
        self.frozen = nn.Linear(2, 2).requires_grad_(False)

class Never(Base):
    def forward(self, x):
        return self.one(x)

class Dropped(Base):
    def forward(self, x):
        with torch.no_grad():
            self.other(x)
        return self.one(x), self.one(x).sum()

class Sometimes(Base):
    def forward(self, x):
        return self.one(x) if x[0, 0] > 0 else self.other(x)

class Auxiliary(Base):
    def forward(self, x):
        return self.one(x), self.other(x)

def first(out):
    return (out[0] if isinstance(out, tuple) else out).sum()

def unused(model):
    pairs = model.named_parameters()
    return [n for n, p in pairs if p.requires_grad and p.grad is None]

facts = {}
for make in (Never, Dropped, Sometimes, Auxiliary):
    batches = [torch.full((4, 2), float(sign)) for sign in (1, 1, -1)]
    model = DistributedDataParallel(make())
    steps = 0
    try:
        for x in batches:
            steps += 1
            first(model(x)).backward()
        said = "works"
    except RuntimeError as error:
        said = str(error)[:37]
    model = make()
    for x in batches:  # an epoch, as two steps use one layer only
        first(model(x)).backward()
    before = unused(model)
    sum(map(torch.sum, model(x))).backward()
    facts[make.__name__] = said, steps, before, unused(model)

def trains(model):
    return sum(p.requires_grad for p in model.parameters())

model = DistributedDataParallel(Auxiliary())
at_first = trains(model)
try:
    for _ in range(3):
        sum(map(torch.sum, model(x))).backward()
        model.module.other.requires_grad_(False)
    said = "works"
except RuntimeError as error:
    said = str(error)[:37]
facts["frozen late"] = said, at_first, trains(model)

class Again(Base):
    def forward(self, x):
        x = self.one(x)
        for _ in range(2):
            x = checkpoint(self.other, x, use_reentrant=True)
        return x, x

class Looks(Base):
    def forward(self, x):
        return checkpoint(self.other, self.one(x), use_reentrant=True), x

def plain(model, x):
    back(call(model, x)[0].sum())

def real_and_fake(model, x):
    one, other = call(model, x)[0].sum(), call(model, -x)[0].sum()
    back(one)
    back(other)

def kept(model, x):
    one, other = call(model, x)
    back(one.sum(), retain_graph=True)
    back((one + other).sum())

def call(model, x):
    counts["model"] += 1
    return model(x)

def back(loss, **options):
    counts["backward"] += 1
    loss.backward(**options)

once = dict(find_unused_parameters=True)
rows = (Again, plain, {}), (Looks, plain, once), (Auxiliary, real_and_fake, {}), (
    Auxiliary, kept, {})
for make, step, options in rows:
    model = DistributedDataParallel(make(), **options)
    said = "works"
    for _ in range(3):
        counts = dict(model=0, backward=0)
        try:
            step(model, torch.ones(1, 2))
        except RuntimeError as error:
            said = str(error)[:44]
            break
    facts[f"{make.__name__} {step.__name__}"] = said, *counts.values()
dist.destroy_process_group()
print(json.dumps(facts))
"""


@pytest.fixture(scope="module")
def causes():
    ended = forked.run(CAUSES, modules=forked.WITH_DDP)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return json.loads(ended.stdout)


def test_two_lists_tell_why_a_weight_has_no_gradient(causes):
    other = ["other.weight", "other.bias"]
    finished = "Expected to have finished reduction"
    for name in ("Never", "Dropped", "Sometimes", "Auxiliary"):
        said, steps, before, after = causes[name]
        assert said.startswith(finished) and steps > 1
        if name == "Sometimes":
            assert before == []
        else:
            assert before == other
            assert after == ([] if name == "Auxiliary" else other)


def test_fewer_weights_that_train_tell_that_a_layer_was_frozen_late(causes):
    assert causes["frozen late"] == [
        "Expected to have finished reduction in"[:37],
        4,
        2,
    ]


def test_the_calls_of_a_step_tell_who_marks_a_weight_twice(causes):
    ready = "Expected to mark a variable ready only once."
    assert causes["Again plain"] == causes["Looks plain"] == [ready, 1, 1]
    assert causes["Auxiliary real_and_fake"] == [ready, 2, 2]
    assert causes["Auxiliary kept"] == [ready, 1, 2]


SPAWNED = """
import torch.distributed as dist

own = {"rank": 0, "world_size": 1}
try:
    dist.init_process_group("gloo", **own)
except ValueError as error:
    print(error)
dist.init_process_group("gloo", init_method="tcp://localhost:0", **own)
print(dist.get_rank(), dist.get_world_size())
dist.destroy_process_group()
"""


def test_a_process_without_torchrun_needs_its_rank_and_an_address():
    ended = forked.run(SPAWNED)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "MASTER_ADDR expected, but not set" in ended.stdout
    assert ended.stdout.endswith("0 1\n")
