"""The claims of docs/distributed/index.md, on two processes of the CPU."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DistributedSampler

from tests import forked
from tests.claims_support import drawn, program
from tests.ranks import in_processes

pytestmark = pytest.mark.timeout(300)

SCRIPT = Path(__file__).parents[3] / "snippets/distributed/ddp_training_script.py"

BODY = """
from torch import nn
from torch.distributed.algorithms.ddp_comm_hooks.default_hooks import allreduce_hook
from torch.nn.parallel import DistributedDataParallel

x = torch.tensor([[-1.0], [0.0], [1.0], [2.0]])
y = 2 * x + 1

def network(seed=0):
    torch.manual_seed(seed)
    return nn.Linear(1, 1)

def train(model, x, y, join="mean"):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    for _ in range(3):
        optimizer.zero_grad()
        getattr((model(x) - y).square(), join)().backward()
        optimizer.step()
    return [p.item() for p in model.parameters()]

def shared(seed, part, join="mean"):
    model = DistributedDataParallel(network(seed))
    return train(model, x[part], y[part], join)

half = slice(2 * rank, 2 * rank + 2)
facts["alone"] = train(network(), x, y)
facts["shared"] = shared(rank, half)
facts["uneven"] = shared(0, slice(0, 3) if rank == 0 else slice(3, 4))
facts["same half"] = shared(0, slice(0, 2))
facts["sums"] = shared(0, half, "sum")

model = DistributedDataParallel(network(rank))
facts["start"] = [p.item() for p in model.parameters()]
facts["plain"] = [p.item() for p in network(0).parameters()]
facts["names"] = list(model.state_dict()), list(model.module.state_dict())
with model.no_sync():
    model(x[half]).mean().backward()
facts["waits"] = model.module.weight.grad.item()
model(x[half]).mean().backward()
facts["sum of both"] = model.module.weight.grad.item()

ones = torch.ones(2) * (rank + 1)
dist.all_reduce(ones)
facts["sum"] = ones.tolist()
torch.manual_seed(0)
facts["drawn"] = torch.rand(2).tolist()
facts["backend"] = dist.get_backend()

def count(packs, bucket):
    packs.append(bucket.index())
    return allreduce_hook(None, bucket)

norm = nn.BatchNorm1d(1, momentum=1.0)  # the average is that of the last batch
model = DistributedDataParallel(norm)
averages = facts["averages"] = []
for batch in ([[0.0], [2.0]], [[4.0], [6.0]]):
    model(torch.tensor(batch) + 10 * rank)
    averages.append(norm.running_mean.item())
norm.momentum = 0.0  # from here on, forward changes no average itself
model(torch.zeros(2, 1))
averages.append(norm.running_mean.item())
with model.no_sync():
    model(torch.ones(2, 1)).sum().backward()
norm.running_mean.fill_(rank)
model(torch.ones(2, 1)).sum().backward()  # the last part of this step
facts["within a step"] = norm.running_mean.item()
model(torch.ones(2, 1))
facts["next step"] = norm.running_mean.item()
model(torch.ones(2, 1)).sum().backward()
norm.running_mean.fill_(rank)
with torch.no_grad():
    model.eval()(torch.ones(2, 1))
facts["evaluation"] = norm.running_mean.item()
model.train()
one = nn.SyncBatchNorm.convert_sync_batchnorm(norm)
facts["sync"] = type(one).__name__, attempt(lambda: one.eval()(torch.ones(2, 1)))
try:
    one.train()(torch.ones(2, 1))
except ValueError as error:
    facts["sync in training"] = str(error)

large = nn.Sequential(nn.Linear(512, 512), nn.Linear(512, 512), nn.Linear(512, 1))
packed = DistributedDataParallel(large, bucket_cap_mb=1)
packs = facts["packs"] = []
packed.register_comm_hook(packs, count)
for _ in range(2):
    packed(torch.ones(1, 512)).sum().backward()

try:
    DistributedDataParallel(nn.Linear(1, 1), device_ids=[0])
except ValueError as error:
    facts["device_ids"] = str(error)

del packed, model  # now: after the group is destroyed, this can hang
dist.destroy_process_group()
facts["threads left"] = threads()
"""

KEPT = """
from torch import nn
from torch.nn.parallel import DistributedDataParallel

model = DistributedDataParallel(nn.Linear(1, 1))
model(torch.ones(1, 1)).sum().backward()
dist.destroy_process_group()
facts["threads left"] = threads()
"""


@pytest.fixture(scope="module")
def facts():
    return in_processes(BODY)


def test_all_reduce_leaves_the_sum_in_each_rank(facts):
    assert [f["sum"] for f in facts] == [[3, 3], [3, 3]]
    assert facts[0]["backend"] == "gloo"


def test_init_process_group_waits_for_all_processes():
    """Here the second one never comes."""
    import torch.distributed as dist

    how = {"store": dist.HashStore(), "timeout": timedelta(seconds=1)}
    with pytest.raises(dist.DistStoreError, match="[Tt]imeout"):
        dist.init_process_group("gloo", rank=0, world_size=2, **how)
    assert not dist.is_initialized()


def by_hand(parts, steps=3, join="mean"):
    """Weight and bias after SGD on the mean over ranks of what each rank finds."""
    torch.manual_seed(0)
    w, b = (p.item() for p in nn.Linear(1, 1).parameters())
    for _ in range(steps):
        slopes = []
        for part in parts:
            gaps = [(w * x + b - (2 * x + 1), x) for x in part]
            share = 1 if join == "sum" else len(part)
            slopes.append(
                [
                    sum(2 * g * k for g, k in rows) / share
                    for rows in (gaps, [(g, 1) for g, _ in gaps])
                ]
            )
        w -= 0.25 * sum(s[0] for s in slopes) / len(slopes)
        b -= 0.25 * sum(s[1] for s in slopes) / len(slopes)
    return [w, b]


def test_two_processes_train_the_network_of_one(facts):
    expected = by_hand([[-1, 0, 1, 2]])
    for f in facts:
        assert f["shared"] == pytest.approx(f["alone"], abs=1e-6)
        assert f["shared"] == pytest.approx(expected, abs=1e-6)
    assert facts[0]["shared"] == facts[1]["shared"]


def test_the_mean_of_two_halves_is_rounded_otherwise_than_that_of_the_whole():
    for x in torch.rand(200, 1000, generator=torch.Generator().manual_seed(0)):
        halves, whole = (x[:500].mean() + x[500:].mean()) / 2, x.mean()
        torch.testing.assert_close(halves, whole, rtol=1e-6, atol=0)
        if halves != whole:
            return
    pytest.fail("equal in every bit")


def test_ddp_copies_the_weights_of_rank_0(facts):
    assert facts[0]["start"] == facts[1]["start"] == facts[0]["plain"]


def test_ddp_takes_the_mean_over_ranks_not_over_examples(facts):
    assert facts[0]["uneven"] == pytest.approx(by_hand([[-1, 0, 1], [2]]), abs=1e-6)
    assert facts[0]["uneven"] != pytest.approx(facts[0]["alone"], abs=1e-2)


def test_a_sum_as_loss_is_halved_by_two_ranks(facts):
    halves = by_hand([[-1, 0], [1, 2]], join="sum")
    assert facts[0]["sums"] == pytest.approx(halves, rel=1e-5)
    assert facts[0]["sums"] != pytest.approx(
        by_hand([[-1, 0, 1, 2]], join="sum"), rel=1e-2
    )


def test_the_same_half_twice_stays_wrong_without_an_error(facts):
    expected = by_hand([[-1, 0]])
    assert facts[0]["same half"] == pytest.approx(expected, abs=1e-6)
    assert facts[0]["same half"] != pytest.approx(facts[0]["alone"], abs=0.1)


def test_under_no_sync_each_rank_keeps_its_own_gradient(facts):
    assert [f["waits"] for f in facts] == [-0.5, 1.5]
    assert [f["sum of both"] for f in facts] == [1.0, 1.0]


def test_ddp_puts_module_before_every_name(facts):
    assert facts[0]["names"] == [["module.weight", "module.bias"], ["weight", "bias"]]


def test_rank_0_sends_its_averages_before_each_forward_pass(facts):
    assert facts[0]["averages"] == [1.0, 5.0, 5.0]
    assert facts[1]["averages"] == [11.0, 15.0, 5.0]  # its own, then that of rank 0


def test_rank_0_sends_them_once_a_step_of_several_parts(facts):
    assert [f["within a step"] for f in facts] == [0.0, 1.0]
    assert [f["next step"] for f in facts] == [0.0, 0.0]


def test_rank_0_sends_them_before_an_evaluation_too(facts):
    assert [f["evaluation"] for f in facts] == [0.0, 0.0]


def test_sync_batch_norm_trains_on_gpus_only(facts):
    assert all(f["sync"] == ["SyncBatchNorm", "fine"] for f in facts)
    assert all(
        "expected input tensor to be on GPU" in f["sync in training"] for f in facts
    )


def test_sync_batch_norm_alone_trains_on_a_cpu():
    one = nn.SyncBatchNorm(1)  # no process group here
    assert torch.equal(
        one(torch.tensor([[0.0], [2.0]])).sign(), torch.tensor([[-1.0], [1]])
    )


def test_a_larger_model_sends_several_messages_each_time(facts):
    first, *later = facts[0]["packs"]  # DDP packs anew after its first step
    assert first == 0 and later == [0, 1]


def test_the_whole_script_learns_the_line_in_three_processes():
    ended = forked.ranks(SCRIPT, 3, modules=forked.WITH_DDP)
    assert ended.returncode == 0, ended.stderr[-2000:]
    device, weight, bias = ended.stdout.replace("[", "").replace("],", "").split()
    assert device == "cpu" and float(weight[:-1]) == pytest.approx(2, abs=0.03)
    assert float(bias.strip("]")) == pytest.approx(1, abs=0.03)
    text = program("distributed/ddp_training_script")
    choice = text[text.index("here, local =") : text.index("dist.init_process_group")]
    assert len(choice.splitlines()) == 5  # "the five lines at the bottom"


def test_device_ids_are_for_gpus_and_may_be_left_out(facts):
    words = " ".join(nn.parallel.DistributedDataParallel.__doc__.split())
    assert "Alternatively, ``device_ids`` can also be ``None``" in words
    assert all("device_ids" in f["device_ids"] for f in facts)


def test_one_seed_draws_the_same_on_all_ranks(facts):
    assert facts[0]["drawn"] == facts[1]["drawn"]


def test_a_ddp_model_keeps_the_threads_of_gloo_beyond_the_group(facts):
    assert [f["threads left"] for f in facts] == [0, 0]
    assert all(f["threads left"] > 0 for f in in_processes(KEPT))


LATE = """
import os
import sys

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

dist.init_process_group("gloo")
name = "torch.distributed.nn.functional"
before = name in sys.modules
DistributedDataParallel(torch.nn.Linear(1, 1))
if dist.get_rank() == 0:
    print(before, name in sys.modules, flush=True)
dist.destroy_process_group()
os._exit(0)
"""


def test_functions_of_distributed_nn_keep_the_group_they_find():
    import importlib

    import torch.distributed as dist
    import torch.distributed.nn.functional as functional

    assert functional.broadcast.__defaults__ == (None,)
    store = dist.HashStore()
    dist.init_process_group("gloo", store=store, rank=0, world_size=1)
    try:
        late = importlib.reload(functional)
        assert late.broadcast.__defaults__ == (dist.group.WORLD,) != (None,)
    finally:
        dist.destroy_process_group()
        importlib.reload(functional)


def test_ddp_imports_distributed_nn_by_itself(tmp_path):
    program = tmp_path / "late.py"
    program.write_text(LATE, encoding="utf-8")
    ended = forked.ranks(program)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout.split() == ["False", "True"]


# Give each rank its own data


def orders(epochs, call, **options):
    found = []
    samplers = [
        DistributedSampler(range(7), num_replicas=2, rank=r, **options) for r in (0, 1)
    ]
    for epoch in range(epochs):
        for sampler in samplers:
            if call:
                sampler.set_epoch(epoch)
        found.append([list(sampler) for sampler in samplers])
    return found


def test_without_set_epoch_every_epoch_has_one_order():
    first, *rest = orders(5, call=False)
    assert all(later == first for later in rest)


def test_with_set_epoch_the_order_changes():
    found = orders(5, call=True)
    assert len({str(epoch) for epoch in found}) == 5


def test_the_sampler_has_a_seed_of_its_own():
    seen = []
    for seed in (0, 7):
        torch.manual_seed(seed)
        seen.append(orders(2, call=True))
    assert seen[0] == seen[1] != orders(2, call=True, seed=1)


def test_seven_examples_for_two_ranks_use_one_twice():
    (a, b), *_ = orders(1, call=True)
    assert len(a) == len(b) == 4 and sorted(set(a + b)) == list(range(7))


def test_drop_last_leaves_one_out():
    (a, b), *_ = orders(1, call=True, drop_last=True)
    assert len(a) == len(b) == 3 and len(set(a + b)) == 6


def test_the_picture_shows_what_two_processes_compute():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    losses = ((x - 2 * x) ** 2).mean(axis=1)
    gradients = (2 * (x - 2 * x) * x).mean(axis=1)
    mean = (2 * (x - 2 * x) * x).mean()  # of all four, by one process
    lanes = {
        1 - rank: [
            ", ".join(f"{n:g}" for n in x[rank]),
            *(f"{n:g}" for n in (losses[rank], gradients[rank], mean)),
            f"{1 - 0.02 * mean:g}",
        ]
        for rank in range(2)
    }
    for height, lane in lanes.items():
        texts = drawn("distributed/one_step_of_two_ranks")
        seen = {x: text for text, x, y in texts if y == height and x >= 0}
        assert [seen[place] for place in range(5)] == lane
