"""The claims of docs/distributed/fsdp-by-block.md, on the CPU."""

import json

import numpy as np
import pytest
import torch
import torch.distributed as dist
import torch.distributed.nn  # before there is a group that it would keep
from torch import nn
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor import DTensor

from harness.core.tree import HERE
from tests.claims_support import printed
from tests.ranks import in_processes

pytestmark = pytest.mark.timeout(300)

BODY = """
from torch import nn
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor import DTensor
from torch.utils._python_dispatch import TorchDispatchMode

mesh = dist.init_device_mesh("cpu", (2,))
half = MixedPrecisionPolicy(torch.bfloat16, torch.float32)

def shard(model, policy=MixedPrecisionPolicy()):
    for module in [*model, model]:
        fully_shard(module, mesh=mesh, mp_policy=policy)
    return model

def gathered(by_block):
    model = nn.Sequential(*[nn.Linear(6, 6) for _ in range(3)], nn.Linear(6, 5))
    found = []

    def look(*_):
        whole = [p for p in model.parameters() if not isinstance(p, DTensor)]
        found.append(sum(p.nbytes for p in whole))

    for block in model[:3]:
        block.register_forward_hook(look)
        if by_block:
            fully_shard(block, mesh=mesh, mp_policy=half)
    fully_shard(model, mesh=mesh, mp_policy=half)
    model(torch.ones(2, 6)).float().sum().backward()
    return max(found)

facts["gathered"] = gathered(True), gathered(False)

class Log(TorchDispatchMode):
    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        for name in ("_allgather_base_", "_reduce_scatter_base_"):
            if name in str(function):
                events.append(name)
        return function(*args, **(kwargs or {}))

def net(seed=0, width=4):
    torch.manual_seed(seed)
    layers = [nn.Sequential(nn.Linear(width, width), nn.Tanh()) for _ in range(3)]
    return nn.Sequential(*layers)

model = shard(net())
events = []
output = model(torch.ones(2, 4))
with Log():
    output.sum().backward()
facts["backward"] = list(events)

x = torch.sin(torch.arange(64.0)).reshape(16, 4)
mine = x[8 * rank : 8 * rank + 8]

def last_loss(model, x):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(8):
        optimizer.zero_grad()
        loss = (model(x).float() - x.flip(1)).square().mean()
        loss.backward()
        optimizer.step()
    return loss.detach()

facts["gaps"] = []
for seed in (1, 2, 3):
    alone = last_loss(net(seed), x)
    for policy in (MixedPrecisionPolicy(), half):
        loss = last_loss(shard(net(seed), policy), mine) / 2
        dist.all_reduce(loss)
        facts["gaps"].append((loss - alone).abs().item())

model = shard(net(), half)
found = []
for wait in (False, True):
    events.clear()
    model.zero_grad()
    with Log():
        for i, part in enumerate(mine.split(2)):
            model.set_requires_gradient_sync(i == 3 or not wait)
            (model(part).float().square().mean() / 4).backward()
            found.append(model[0][0].weight.grad is None)
    sent = events.count("_reduce_scatter_base_")
    gradient = model[1][0].weight.grad.full_tensor().tolist()
    facts["waits" if wait else "sends"] = [sent, found[-4:], gradient]

model = nn.Linear(3, 4, bias=False)
fully_shard(model, mesh=mesh)
model.set_requires_gradient_sync(False)
model(torch.ones(2, 3)).sum().backward()
model.unshard()
facts["between the parts"] = list(model.weight.grad.shape)

model = nn.Linear(3, 5)
torch.manual_seed(1)
for p in model.parameters():
    nn.init.normal_(p)
whole = model.weight.detach().clone()
fully_shard(model, mesh=mesh)
weight = model.weight
facts["items"] = {}
for name in ("mean", "max", "sum", "norm"):
    value = getattr(weight, name)()
    row = value.item(), value.full_tensor().item(), getattr(whole, name)().item()
    facts["items"][name] = row
model(torch.full((2, 3), 1.0 + rank)).square().sum().backward()
parts = [p.grad.to_local().clone() for p in model.parameters()]
facts["local norm"] = nn.utils.get_total_norm(parts).item()
norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
facts["norm"] = [type(norm).__name__, norm.full_tensor().item()]
"""


@pytest.fixture(scope="module")
def facts():
    return in_processes(BODY)


@pytest.fixture
def mesh():
    store = dist.HashStore()
    dist.init_process_group("gloo", store=store, rank=0, world_size=1)
    yield dist.init_device_mesh("cpu", (1,))
    dist.destroy_process_group()


def test_the_picture_shows_which_blocks_are_whole():
    file = HERE.recorded / "figures/distributed/gathered_by_block.json"
    panels = []
    for axes in json.loads(file.read_text(encoding="utf-8"))["axes"]:
        lines = [np.reshape(line, (-1, 2)) for line in axes["lines"][:16]]
        assert [set(line[:, 0]) for line in lines] == [{x + 1} for x in range(16)]
        panels.append([line[:, 1].tolist() for line in lines])
    upward = list(range(1, 9))
    assert panels[0] == [upward] * 16
    assert panels[1] == [[i] for i in [*upward, *upward[::-1]]]


def test_gathered_bytes_are_one_block_and_the_rest(facts):
    block, rest = 2 * (6 * 6 + 6), 2 * (6 * 5 + 5)  # bfloat16
    for f in facts:
        assert f["gathered"] == [block + rest, 3 * block + rest]


def test_backward_gathers_the_next_block_before_it_sends_this_one(facts):
    for f in facts:
        first = f["backward"].index("_reduce_scatter_base_")
        assert first >= 2  # gathers of two blocks
        assert f["backward"].count("_allgather_base_") == 3


def test_tied_weights_must_be_in_one_group(mesh):
    def tied():
        model = nn.Sequential(nn.Embedding(4, 3), nn.Linear(3, 4, bias=False))
        model[1].weight = model[0].weight
        return model

    for apart in ([0, 1], [0], [1]):
        model = tied()
        for i in apart:
            fully_shard(model[i], mesh=mesh)
        fully_shard(model, mesh=mesh)
        with pytest.raises(ValueError, match="same FSDP group"):
            model(torch.tensor([1]))
    model = tied()
    fully_shard([model[0], model[1]], mesh=mesh)
    fully_shard(model, mesh=mesh)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(torch.tensor([1])).sum().backward()
    optimizer.step()
    assert model[0].weight is model[1].weight


def test_a_call_shows_in_the_name_of_the_module(mesh):
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    fully_shard(model[0], mesh=mesh)
    fully_shard(model, mesh=mesh)
    said = str(model).splitlines()
    assert said[0] == "FSDPSequential("
    assert "(0): FSDPLinear(" in said[1] and "(1): Linear(" in said[2]


def test_left_out_arguments_do_what_the_table_says(mesh):
    assert MixedPrecisionPolicy() == MixedPrecisionPolicy(None, None, None, True)
    for policy, wanted in (
        (MixedPrecisionPolicy(), torch.float32),
        (MixedPrecisionPolicy(torch.bfloat16), torch.bfloat16),
        (MixedPrecisionPolicy(output_dtype=torch.float64), torch.float64),
    ):
        model = nn.Linear(2, 2)
        fully_shard(model, mesh=mesh, mp_policy=policy)
        output = model(torch.ones(1, 2))
        output.sum().backward()
        assert output.dtype == wanted
        assert model.weight.dtype == model.weight.grad.dtype == torch.float32


def test_buffers_keep_their_dtype_and_a_policy_of_its_own_helps(mesh):
    half = MixedPrecisionPolicy(torch.bfloat16, torch.float32)
    own = MixedPrecisionPolicy(torch.float32, output_dtype=torch.bfloat16)
    for layers, x in (
        ([nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)], torch.randn(3, 4)),
        ([nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)], torch.randn(2, 3, 6, 6)),
    ):
        model = nn.Sequential(*layers)
        fully_shard(model[1], mesh=mesh, mp_policy=own)
        fully_shard(model, mesh=mesh, mp_policy=half)
        model(x).float().sum().backward()
        assert model[1].running_mean.dtype == torch.float32
    model = nn.BatchNorm1d(4)
    fully_shard(model, mesh=mesh, mp_policy=half)
    with pytest.raises(RuntimeError, match="type BFloat16 but found Float"):
        model(torch.randn(3, 4))


def test_two_ranks_get_the_loss_of_one_process(facts):
    for f in facts:
        single, half = f["gaps"][::2], f["gaps"][1::2]
        assert max(single) < 1e-6 < max(half) < 5e-3


def test_the_page_shows_a_gap_that_holds():
    assert printed("distributed/bfloat16_gap").count("True") == 2


def test_gradients_wait_for_the_last_part(facts):
    for f in facts:
        sends, waits = f["sends"], f["waits"]
        assert sends[0] == 12 and waits[0] == 3  # three blocks, four parts
        assert sends[1] == [False] * 4
        assert waits[1] == [True, True, True, False]
        torch.testing.assert_close(
            torch.tensor(sends[2]), torch.tensor(waits[2]), rtol=0.02, atol=1e-3
        )


def test_between_the_parts_each_rank_holds_the_whole_gradient(facts):
    assert all(f["between the parts"] == [4, 3] for f in facts)


def test_item_gives_the_number_of_one_rank(facts):
    for f in facts:
        for _, whole, wanted in f["items"].values():
            assert whole == pytest.approx(wanted, rel=1e-5)
    for name in ("sum", "norm", "max"):
        assert facts[0]["items"][name][0] != facts[1]["items"][name][0]


def test_clipping_combines_the_norms_and_local_parts_do_not(facts):
    assert [f["norm"][0] for f in facts] == ["DTensor"] * 2
    one, other = (f["local norm"] for f in facts)
    assert facts[0]["norm"][1] == pytest.approx((one**2 + other**2) ** 0.5, rel=1e-5)
    assert facts[0]["norm"] == facts[1]["norm"] and one != other


@pytest.mark.parametrize(
    "start, lost", [(256.0, 256.0), (512.0, 512.0), (128.0, 136.0)]
)
def test_small_gradients_vanish_in_bfloat16(mesh, start, lost):
    found = []
    for dtype in (None, torch.float32):
        model = nn.Linear(1, 3, bias=False)
        policy = MixedPrecisionPolicy(torch.bfloat16, dtype)
        fully_shard(model, mesh=mesh, mp_policy=policy)
        for i in range(9):
            model.set_requires_gradient_sync(i == 8)
            model(torch.full((1, 1), 1.0 if i else start)).sum().backward()
        assert model.weight.grad.dtype == torch.float32
        found.append(model.weight.grad.full_tensor().tolist())
    assert found == [[[lost]] * 3, [[start + 8]] * 3]


def test_floating_point_inputs_are_rounded_and_integers_are_not(mesh):
    class Same(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(1))

        def forward(self, t):
            return t + 0 * self.weight.detach().to(t.dtype)

    model = Same()
    fully_shard(model, mesh=mesh, mp_policy=MixedPrecisionPolicy(torch.bfloat16))
    assert model(torch.tensor([257, 1001])).tolist() == [257, 1001]
    assert model(torch.tensor([257.0, 1001.0])).tolist() == [256, 1000]
    assert model(t=torch.tensor([257.0], dtype=torch.float64)).tolist() == [256]
    assert not isinstance(model(torch.ones(1)), DTensor)
