"""The claims of docs/distributed/fsdp-by-block.md, on the CPU."""

import json

import numpy as np
import pytest
import torch

from harness.core.tree import HERE
from tests.claims_support import Later, printed
from tests.ranks import in_processes

fsdp = Later("torch.distributed.fsdp")
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

def gathered(by_block, head=False):
    model = nn.Sequential(*[nn.Linear(6, 6) for _ in range(3)], nn.Linear(6, 5))
    found = []

    def look(*_):
        whole = [p for p in model.parameters() if not isinstance(p, DTensor)]
        found.append(sum(p.nbytes for p in whole))

    for block in model[:3]:
        block.register_forward_hook(look)
        if by_block:
            fully_shard(block, mesh=mesh, mp_policy=half)
    if head:
        fully_shard(model[3], mesh=mesh, mp_policy=half)
    fully_shard(model, mesh=mesh, mp_policy=half)
    model(torch.ones(2, 6)).float().sum().backward()
    return max(found)

facts["gathered"] = gathered(True), gathered(False), gathered(True, True)

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

facts["messages"] = []
for model in (shard(net()), fully_shard(net(), mesh=mesh)):
    events.clear()
    with Log():
        model(torch.ones(2, 4)).sum().backward()
    facts["messages"].append(len(events))

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

def tied():
    model = nn.Sequential(nn.Embedding(4, 3), nn.Linear(3, 4, bias=False))
    model[1].weight = model[0].weight
    return model

facts["apart"] = []
for apart in ([0, 1], [1, 0], [0], [1]):
    model = tied()
    for module in [*(model[i] for i in apart), model]:
        fully_shard(module, mesh=mesh)
    try:
        model(torch.tensor([1]))
        facts["apart"].append("fine")
    except ValueError as error:
        facts["apart"].append(str(error))
facts["no call for the model"] = []
for apart in ([0, 1], [0], [1]):
    model = tied()
    for module in (model[i] for i in apart):
        fully_shard(module, mesh=mesh)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(torch.tensor([1])).sum().backward()
    optimizer.step()
    both = [getattr(m.weight, "full_tensor", lambda m=m: m.weight)() for m in model]
    facts["no call for the model"].append(torch.equal(*both))
model = tied()
fully_shard([model[0], model[1]], mesh=mesh)
fully_shard(model, mesh=mesh)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
model(torch.tensor([1])).sum().backward()
optimizer.step()
facts["together"] = model[0].weight is model[1].weight

model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
fully_shard(model[0], mesh=mesh)
fully_shard(model, mesh=mesh)
facts["names"] = [type(module).__name__ for module in (model, *model)]
facts["printed"] = str(model)

facts["dtypes"] = []
for policy in (
    MixedPrecisionPolicy(),
    MixedPrecisionPolicy(torch.bfloat16),
    MixedPrecisionPolicy(output_dtype=torch.float64),
):
    model = nn.Linear(2, 2)
    fully_shard(model, mesh=mesh, mp_policy=policy)
    output = model(torch.ones(1, 2))
    output.sum().backward()
    dtypes = output.dtype, model.weight.dtype, model.weight.grad.dtype
    facts["dtypes"].append([str(dtype) for dtype in dtypes])

own = MixedPrecisionPolicy(torch.float32, output_dtype=torch.bfloat16)
facts["norms"] = []
for layers, x in (
    ([nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)], torch.randn(3, 4)),
    ([nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)], torch.randn(2, 3, 6, 6)),
):
    model = nn.Sequential(*layers)
    fully_shard(model[1], mesh=mesh, mp_policy=own)
    fully_shard(model, mesh=mesh, mp_policy=half)
    model(x).float().sum().backward()
    facts["norms"].append(str(model[1].running_mean.dtype))
model = nn.BatchNorm1d(4)
fully_shard(model, mesh=mesh, mp_policy=half)
facts["norm alone"] = attempt(lambda: model(torch.randn(3, 4)))

facts["added"] = {}
for start in (128.0, 256.0, 512.0):
    for dtype in (None, torch.float32):
        model = nn.Linear(1, 3, bias=False)
        policy = MixedPrecisionPolicy(torch.bfloat16, dtype)
        fully_shard(model, mesh=mesh, mp_policy=policy)
        for i in range(9):
            model.set_requires_gradient_sync(i == 8)
            model(torch.full((1, 1), 1.0 if i else start)).sum().backward()
        grad = model.weight.grad
        row = grad.full_tensor().flatten().tolist(), str(grad.dtype)
        facts["added"].setdefault(str(start), []).append(row)
model = nn.Linear(1, 3, bias=False)
fully_shard(model, mesh=mesh, mp_policy=MixedPrecisionPolicy(torch.bfloat16))
model(torch.full((1, 1), (512.0, 2.0)[rank])).sum().backward()
facts["averaged"] = model.weight.grad.full_tensor().flatten().tolist()

class Same(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))

    def forward(self, t):
        return t + 0 * self.weight[:1].detach().to(t.dtype)

model = Same()
fully_shard(model, mesh=mesh, mp_policy=MixedPrecisionPolicy(torch.bfloat16))
facts["bools"] = model(torch.tensor([True])).tolist()
facts["integers"] = model(torch.tensor([257, 1001])).tolist()
facts["floats"] = model(torch.tensor([257.0, 1001.0])).tolist()
facts["by name"] = model(t=torch.tensor([257.0], dtype=torch.float64)).tolist()
inner = Same()
model = nn.Sequential(inner)
kept = MixedPrecisionPolicy(torch.bfloat16, cast_forward_inputs=False)
fully_shard(inner, mesh=mesh, mp_policy=kept)
fully_shard(model, mesh=mesh, mp_policy=half)
facts["kept inside only"] = model(torch.tensor([257.0])).tolist()

facts["memory"] = []
for rows in (1, 6, 9):
    model = nn.Linear(4, rows, bias=False)
    model.register_buffer("kept", torch.ones(7))
    fully_shard(model, mesh=mesh)
    held = model.weight.to_local().untyped_storage().nbytes()
    facts["memory"].append([held, model.kept.nbytes])

class Scaled(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.first, self.last = nn.Linear(4, 4), nn.Linear(4, 4)
        self.register_buffer("scale", torch.ones(shape))

    def forward(self, x):
        self.seen = self.first(x) * self.scale
        return self.last(self.seen)

facts["promoted"] = []
for shape in ((4,), ()):
    model = Scaled(*shape)
    fully_shard(model, mesh=mesh, mp_policy=half)
    said = attempt(lambda: model(torch.ones(2, 4)))
    facts["promoted"].append([said, str(model.seen.dtype)])

facts["norms without"] = []
for options in ({"affine": False}, {"track_running_stats": False}):
    model = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4, **options))
    fully_shard(model, mesh=mesh, mp_policy=half)
    facts["norms without"].append(attempt(lambda: model(torch.randn(3, 4))))

def normed():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))

x = torch.randn(16, 4)
alone = normed()(x).square().mean().detach()
model = normed()
fully_shard(model, mesh=mesh)
loss = model(x[8 * rank : 8 * rank + 8]).square().mean().detach() / 2
dist.all_reduce(loss)
facts["normed"] = (loss - alone).abs().item()

model = nn.Linear(1, 4, bias=False)
with torch.no_grad():
    model.weight.copy_(torch.tensor([[1.0], [2.0], [3.0], [float("nan")]]))
fully_shard(model, mesh=mesh)
bad = model.weight.isnan().any()
facts["nan"] = bad.item(), bad.full_tensor().item()
facts["max with nan"] = model.weight.max().full_tensor().item() == 2
model.weight.grad = torch.zeros_like(model.weight)
model.weight.grad.to_local().fill_(3.0 * rank)
norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0, norm_type=float("inf"))
facts["inf"] = norm.item(), norm.full_tensor().item()
"""


@pytest.fixture(scope="module")
def facts():
    return in_processes(BODY)


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
        assert f["gathered"] == [block + rest, 3 * block + rest, block]


def test_backward_gathers_the_next_block_before_it_sends_this_one(facts):
    for f in facts:
        first = f["backward"].index("_reduce_scatter_base_")
        assert first >= 2  # gathers of two blocks
        assert f["backward"].count("_allgather_base_") == 3


def test_many_groups_send_more_messages_than_one(facts):
    for f in facts:
        each, whole = f["messages"]
        assert whole == 2 and each >= 2 * 3  # to gather and to average each group


def test_tied_weights_must_be_in_one_group(facts):
    for f in facts:
        assert len(f["apart"]) == 4 and f["together"]
        assert all("same FSDP group" in text for text in f["apart"])
        assert f["no call for the model"] == [False] * 3  # no error, two weights


def test_a_call_shows_in_the_name_of_the_module(facts):
    for f in facts:
        assert f["names"] == ["FSDPSequential", "FSDPLinear", "Linear"]
        assert f["printed"].startswith("FSDPSequential(\n  (0): FSDPLinear(")


def test_left_out_arguments_do_what_the_table_says(facts):
    policy = fsdp.MixedPrecisionPolicy
    assert policy() == policy(None, None, None, True)
    for f in facts:
        outputs, *kept = zip(*f["dtypes"], strict=True)
        assert outputs == ("torch.float32", "torch.bfloat16", "torch.float64")
        assert kept == [("torch.float32",) * 3] * 2


def test_buffers_keep_their_dtype_and_a_policy_of_its_own_helps(facts):
    for f in facts:
        assert f["norms"] == ["torch.float32"] * 2
        assert "expected scalar type BFloat16 but found Float" in f["norm alone"]


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
def test_small_gradients_vanish_in_bfloat16(facts, start, lost):
    for f in facts:
        found, kept = f["added"][str(start)]
        assert found == [[lost] * 3, "torch.float32"]
        assert kept == [[start + 8] * 3, "torch.float32"]


def test_a_newer_torch_keeps_them_and_with_a_reduce_dtype_both_do():
    older, newer = (
        printed("distributed/reduced_in_bfloat16", lane).splitlines()
        for lane in ("cpu", "newest")
    )
    assert [line.split()[1] for line in older] == ["256.0", "264.0"]
    assert [line.split()[1] for line in newer] == ["264.0"] * 2
    assert older[1] == newer[1] and all(
        line.endswith("torch.float32") for line in older + newer
    )


def test_the_mean_over_the_ranks_is_rounded_too(facts):
    assert all(f["averaged"] == [256] * 3 for f in facts)  # of 512 and 2: 257


def test_floating_point_inputs_are_rounded_and_integers_are_not(facts):
    for f in facts:
        assert f["integers"] == [257, 1001]
        assert f["floats"] == [256, 1000] and f["by name"] == [256]
        assert f["kept inside only"] == [256]
        assert f["bools"] == [True]


def test_rows_are_rounded_up_and_buffers_stay_whole(facts):
    for f in facts:
        assert f["memory"] == [[16, 28], [48, 28], [80, 28]]


def test_a_buffer_turns_results_into_its_dtype(facts):
    for f in facts:
        (said, dtype), single = f["promoted"]
        assert "mat1 and mat2 must have the same dtype" in said
        assert dtype == "torch.float32" and single == ["fine", "torch.bfloat16"]


def test_batch_norm_without_weights_or_averages_raises_nothing(facts):
    assert all(f["norms without"] == ["fine"] * 2 for f in facts)


def test_batch_norm_changes_the_loss(facts):
    assert all(f["normed"] > 1e-3 for f in facts)


def test_item_misses_a_nan_and_a_norm_of_another_rank(facts):
    assert [f["nan"] for f in facts] == [[False, True], [True, True]]
    assert all(f["max with nan"] for f in facts)
    assert [f["inf"] for f in facts] == [[0, 3], [3, 3]]
