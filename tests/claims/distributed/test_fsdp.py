"""The claims of docs/distributed/fsdp.md, on two processes of the CPU."""

import json

import numpy as np
import pytest
import torch

from harness.core.tree import HERE
from tests.claims_support import Later, names_of, printed
from tests.ranks import in_processes

dcp = Later("torch.distributed.checkpoint")
fsdp = Later("torch.distributed.fsdp")
state_dict = Later("torch.distributed.checkpoint.state_dict")
pytestmark = pytest.mark.timeout(300)

BODY = """
from torch import nn
from torch.distributed.checkpoint import state_dict
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor

mesh = dist.init_device_mesh("cpu", (2,))

def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(8, 15), nn.Tanh(), nn.Linear(15, 4))

def train(model, x):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(3):
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()
    return optimizer

torch.manual_seed(1)
x = torch.randn(8, 8)
alone, shared = network(), network()
train(alone, x)
whole = []

def look(layer, inputs, output):
    whole.append(None if isinstance(layer.weight, DTensor) else layer.weight.shape)

shared[0].register_forward_hook(look)  # runs before the hook of fully_shard
fully_shard(shared[0], mesh=mesh)
fully_shard(shared, mesh=mesh)
facts["own bytes"] = sum(p.to_local().nbytes for p in shared.parameters())
optimizer = train(shared, x[4 * rank : 4 * rank + 4])
facts["all bytes"] = sum(p.nbytes for p in alone.parameters())
weight = shared[0].weight
facts["part"] = list(weight.to_local().shape)
facts["inside forward"] = list(whole[0] or ())
facts["gradient"] = list(weight.grad.to_local().shape)
state = optimizer.state[weight]["exp_avg"]
facts["state"] = list(state.to_local().shape)
facts["kinds"] = [isinstance(t, DTensor) for t in (weight, weight.grad, state)]
pairs = zip(alone.parameters(), [p.full_tensor() for p in shared.parameters()])
facts["difference"] = max((a - b).abs().max().item() for a, b in pairs)
moved = zip(alone.parameters(), network().parameters())
facts["moved"] = min((a - b).abs().max().item() for a, b in moved)

for offload in (False, True):
    options = state_dict.StateDictOptions(full_state_dict=True, cpu_offload=offload)
    gathered = state_dict.get_model_state_dict(shared, options=options)
    facts[f"gathered {offload}"] = len(gathered)
    if gathered:
        plain = network()
        plain.load_state_dict(gathered)
        facts["loads"] = bool((plain[0].weight - alone[0].weight).abs().max() < 1e-6)
        facts["type"] = type(gathered["0.weight"]).__name__

def gathered_when(*, blocks):
    # For each stage, whether the weights of two blocks and of the rest are whole.
    model = nn.Sequential(network(), nn.Linear(4, 2))
    (first, middle, last), rest = model
    stages = {}

    def note(stage):
        layers = (first, last, rest)
        stages[stage] = [not isinstance(layer.weight, DTensor) for layer in layers]

    def on_backward(module, inputs, output):
        output.register_hook(lambda gradient: note("backward between"))

    # Before fully_shard: its own hook, which drops the rest, comes after these.
    first.register_forward_hook(lambda *args: note("forward of first"))
    last.register_forward_hook(lambda *args: note("forward of last"))
    middle.register_forward_hook(on_backward)
    if blocks:
        fully_shard(first, mesh=mesh)
        fully_shard(last, mesh=mesh)
    fully_shard(model, mesh=mesh)
    note("before")
    output = model(torch.ones(2, 8))
    note("after forward")
    output.sum().backward()
    note("after backward")
    return stages

facts["blocks"] = gathered_when(blocks=True)
facts["model alone"] = gathered_when(blocks=False)

import torch.distributed.checkpoint as dcp
from torch.distributed.fsdp import MixedPrecisionPolicy

dcp.save(shared.state_dict(), checkpoint_id=os.environ["SAVED"])
facts["sum"] = sum(p.full_tensor().double().sum().item() for p in shared.parameters())

flat = nn.Linear(8, 1)  # one row for two ranks
fully_shard(flat, mesh=mesh)
facts["one row"] = list(flat.weight.to_local().shape)
facts["times a number"] = attempt(lambda: flat.weight * torch.tensor(2.0))
for shape in ([1], [1, 1]):
    if facts["times a number"] == "fine":
        facts["times a number"] = attempt(lambda: flat.weight * torch.ones(shape))
facts["times a row"] = attempt(lambda: flat.weight * torch.ones(8))

def sharded(model):
    policy = MixedPrecisionPolicy(torch.bfloat16, torch.float32)
    fully_shard(model, mesh=mesh, mp_policy=policy)
    return model

half = sharded(network())
seen = []
half[1].register_forward_hook(lambda layer, inputs, output: seen.append(output.dtype))
half(x).float().square().mean().backward()
kept = half[0].weight
facts["dtypes"] = [str(t) for t in (seen[0], kept.dtype, kept.grad.dtype)]

plain, parts = network(), network()
fully_shard(parts, mesh=mesh)
facts["norms"] = []
for model in (plain, parts):
    (100 * model(x)).square().mean().backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    after = nn.utils.get_total_norm([p.grad for p in model.parameters()])
    if model is parts:
        facts["item alone"] = norm.item()
        norm, after = norm.full_tensor(), after.full_tensor()
        facts["plain"] = type(norm) is torch.Tensor
    facts["norms"].append([norm.item(), after.item()])

facts["drawn"] = []
for seed in (0, rank):
    with torch.device("meta"):
        late = nn.Linear(2, 4)
    fully_shard(late, mesh=mesh)
    late.to_empty(device="cpu")
    torch.manual_seed(seed)
    nn.init.normal_(late.weight)
    rows = late.weight.full_tensor()
    facts["drawn"].append(torch.equal(rows[:2], rows[2:]))
for name, mode in (("no_grad", torch.no_grad), ("inference", torch.inference_mode)):
    for begun, blocks in ((0, 0), (0, 1), (1, 0), (1, 1)):
        judged = network()
        if blocks:
            fully_shard(judged[0], mesh=mesh)
        fully_shard(judged, mesh=mesh)
        if begun:
            judged(x).sum().backward()
        with mode():
            judged(x)
        facts[f"trains after {name} {begun}{blocks}"] = attempt(
            lambda: judged(x).sum().backward()
        )
del flat, half, kept, plain, parts, model, norm, after, late, rows, judged

del shared, optimizer, weight, state, gathered, mesh, pairs
import gc
gc.collect()
dist.destroy_process_group()
facts["threads"] = threads()
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return tmp_path_factory.mktemp("parts")


@pytest.fixture(scope="module")
def facts(saved):
    return in_processes(BODY, SAVED=str(saved))


def test_each_rank_holds_its_rows(facts):
    assert [f["part"] for f in facts] == [[8, 8], [7, 8]]
    assert [f["gradient"] for f in facts] == [[8, 8], [7, 8]]
    assert [f["state"] for f in facts] == [[8, 8], [7, 8]]
    assert all(all(f["kinds"]) for f in facts)


def test_the_parts_together_are_the_whole(facts):
    assert sum(f["own bytes"] for f in facts) == facts[0]["all bytes"]
    assert facts[0]["all bytes"] == 4 * (8 * 15 + 15 + 15 * 4 + 4)


def test_inside_forward_the_weight_is_whole(facts):
    assert all(f["inside forward"] == [15, 8] for f in facts)


NONE, ALL, REST = [False] * 3, [True] * 3, [False, False, True]


def test_blocks_are_gathered_one_after_the_other(facts):
    for stages in (f["blocks"] for f in facts):
        assert stages["before"] == NONE
        assert stages["forward of first"] == [True, False, True]
        assert stages["forward of last"] == [False, True, True]
        assert stages["backward between"] == REST
        assert stages["after backward"] == NONE


def test_after_forward_the_outermost_module_alone_stays_gathered(facts):
    assert all(f["blocks"]["after forward"] == REST for f in facts)


def test_a_model_sharded_alone_is_gathered_at_once_until_backward_is_over(facts):
    for stages in (f["model alone"] for f in facts):
        assert stages.pop("before") == stages.pop("after backward") == NONE
        assert len(stages) == 4 and all(whole == ALL for whole in stages.values())


def test_two_processes_train_the_network_of_one(facts):
    assert all(f["difference"] < 1e-6 < 1e-2 < f["moved"] for f in facts)


def test_the_gathered_state_loads_into_a_plain_model(facts):
    assert [f["gathered False"] for f in facts] == [4, 4]
    assert all(f["loads"] and f["type"] == "Tensor" for f in facts)


def test_with_cpu_offload_rank_0_alone_gets_the_state(facts):
    assert [f["gathered True"] for f in facts] == [4, 0]


def test_one_process_loads_what_two_saved_in_parts(facts, saved):
    assert {file.name for file in saved.glob("*.distcp")} == {
        "__0_0.distcp",
        "__1_0.distcp",
    }
    shapes = {"0.weight": (15, 8), "0.bias": (15,), "2.weight": (4, 15), "2.bias": (4,)}
    state = {name: torch.full(shape, torch.nan) for name, shape in shapes.items()}
    with pytest.warns(UserWarning, match="load in a single process"):
        dcp.load(state, checkpoint_id=saved, no_dist=True)
    total = sum(value.double().sum().item() for value in state.values())
    assert total == pytest.approx(facts[0]["sum"], abs=1e-9)


def test_the_state_of_the_optimizer_has_functions_of_its_own():
    assert callable(state_dict.get_state_dict) and callable(state_dict.set_state_dict)


def test_with_fewer_rows_than_ranks_a_part_is_empty(facts):
    assert [f["one row"] for f in facts] == [[1, 8], [0, 8]]


def test_a_dtensor_takes_a_number_but_no_row(facts):
    assert all(f["times a number"] == "fine" for f in facts)
    assert all("mixed torch.Tensor and DTensor" in f["times a row"] for f in facts)


def test_a_policy_computes_in_bfloat16_and_keeps_float32(facts):
    wanted = ["torch.bfloat16", "torch.float32", "torch.float32"]
    assert all(f["dtypes"] == wanted for f in facts)


def test_clipping_sees_the_gradients_of_all_ranks(facts):
    for f in facts:
        alone, split = f["norms"]
        assert split == pytest.approx(alone, rel=1e-4)
        assert alone[0] > 1 and alone[1] == pytest.approx(1, abs=1e-4)
        assert (
            f["plain"] and f["item alone"] == split[0]
        )  # this norm is the same on all


def test_a_first_forward_in_inference_mode_spoils_the_training(facts):
    of_blocks = "Inplace update to inference tensor outside InferenceMode"
    of_the_whole = "Inference tensors cannot be saved for backward"
    for f in facts:
        for case in ("no_grad 00", "no_grad 01", "no_grad 10", "no_grad 11"):
            assert f[f"trains after {case}"] == "fine"
        for case in ("inference 10", "inference 11"):
            assert f[f"trains after {case}"] == "fine"
        assert of_blocks in f["trains after inference 01"]
        assert of_the_whole in f["trains after inference 00"]


def test_ranks_with_one_seed_draw_the_same_rows_on_a_cpu(facts):
    assert [f["drawn"] for f in facts] == [[True, False]] * 2


def test_the_threads_of_gloo_outlive_a_group_that_a_mesh_used(facts):
    assert all(f["threads"] > 0 for f in facts)


def test_the_picture_shows_half_of_everything_on_each_rank():
    file = HERE.recorded / "figures/distributed/halves_of_a_layer.json"
    (axes,) = json.loads(file.read_text(encoding="utf-8"))["axes"]
    corners = [np.reshape(bar, (-1, 2)) for bar in axes["patches"]]
    heights = np.array([np.ptp(bar[:, 1]) for bar in corners]).reshape(3, 4)
    numbers = 8 * 16 + 16  # weights and biases
    for kind, times in zip(heights, (1, 1, 2), strict=True):
        whole = times * numbers
        assert kind.tolist() == [whole, whole, whole / 2, whole / 2]


@pytest.mark.parametrize("rank", [0, 3, 5])
def test_a_mesh_of_two_dimensions_keeps_copies_of_the_parts(rank):
    """Two copies in four parts each; a fake group needs no other process."""
    fake = pytest.importorskip("torch.testing._internal.distributed.fake_pg")
    dist, store = torch.distributed, fake.FakeStore()
    dist.init_process_group("fake", rank=rank, world_size=8, store=store)
    try:
        mesh = dist.init_device_mesh("cpu", (2, 4), mesh_dim_names=("copies", "parts"))
        model = torch.nn.Linear(3, 8)
        whole = model.weight.detach().clone()
        fsdp.fully_shard(model, mesh=mesh)
        first = 2 * (rank % 4)
        assert torch.equal(model.weight.to_local(), whole[first : first + 2])
        assert [str(p) for p in model.weight.placements] == ["R", "S(0)"]
    finally:
        dist.destroy_process_group()


def test_after_to_empty_nothing_has_been_written_into_the_weights():
    """In this mode torch fills memory that nothing was written into with NaN."""
    torch.use_deterministic_algorithms(True)
    try:
        late = torch.nn.Linear(2, 4, device="meta").to_empty(device="cpu")
    finally:
        torch.use_deterministic_algorithms(False)
    assert all(p.isnan().all() for p in late.parameters())


@pytest.mark.parametrize("rank", range(4))
@pytest.mark.parametrize("rows", [5, 8, 2])
def test_rows_are_split_as_the_exercise_says(rows, rank):
    fake = pytest.importorskip("torch.testing._internal.distributed.fake_pg")
    dist, store = torch.distributed, fake.FakeStore()
    part = names_of("distributed/rows_of_a_rank_solution", upto="\n# Check")["part"]
    dist.init_process_group("fake", rank=rank, world_size=4, store=store)
    try:
        model = torch.nn.Linear(3, rows)
        whole = model.weight.detach().clone()
        mesh = dist.init_device_mesh("cpu", (4,))
        fsdp.fully_shard(model, mesh=mesh)
        assert torch.equal(model.weight.to_local(), part(whole, rank, 4))
    finally:
        dist.destroy_process_group()


def test_the_program_keeps_two_copies_in_two_parts():
    said = printed("distributed/copies_of_shards").splitlines()
    assert said[0] == "(Replicate(), Shard(dim=0))"
    rows = [row.split(": ")[1] for row in said[1:]]
    assert rows == ["rows 0 to 3", "rows 4 to 7"] * 2


@pytest.fixture
def alone():
    dist = torch.distributed
    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    yield dist.init_device_mesh("cpu", (1,))
    dist.destroy_process_group()


def test_an_evaluation_leaves_the_outermost_module_whole_until_reshard(alone):
    """An optimizer made there has weights that nobody reads any more."""
    from torch.distributed.tensor import DTensor

    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 2))
    fsdp.fully_shard(model[0], mesh=alone)
    fsdp.fully_shard(model, mesh=alone)
    x = torch.ones(1, 2)
    with torch.no_grad():
        model(x)
    assert [isinstance(layer.weight, DTensor) for layer in model] == [True, False]
    early = torch.optim.SGD(model[1].parameters(), lr=1.0)
    model.reshard()
    assert all(isinstance(layer.weight, DTensor) for layer in model)
    before = model[1].weight.full_tensor().clone()
    for optimizer in (early, torch.optim.SGD(model[1].parameters(), lr=1.0)):
        model(x).sum().backward()
        optimizer.step()
        moved = not torch.equal(before, model[1].weight.full_tensor())
        assert moved == (optimizer is not early)


@pytest.mark.parametrize("kind, sends", [("Adam", 0), ("SGD", 0), ("Muon", 1)])
def test_a_step_of_adam_or_sgd_sends_nothing_and_one_of_muon_does(kind, sends):
    from torch.distributed.tensor.debug import CommDebugMode

    fake = pytest.importorskip("torch.testing._internal.distributed.fake_pg")
    dist = torch.distributed
    dist.init_process_group("fake", rank=0, world_size=2, store=fake.FakeStore())
    try:
        model = torch.nn.Linear(4, 4, bias=False)
        fsdp.fully_shard(model, mesh=dist.init_device_mesh("cpu", (2,)))
        optimizer = getattr(torch.optim, kind)(model.parameters(), lr=0.1)
        model(torch.ones(2, 4)).sum().backward()
        with CommDebugMode() as sent:
            optimizer.step()
    finally:
        dist.destroy_process_group()
    assert min(sent.get_total_counts(), 1) == sends


def test_memory_of_a_meta_model_leaves_a_buffer_that_no_checkpoint_has(alone):
    model = torch.nn.Linear(2, 2, device="meta")
    model.register_buffer("angles", torch.ones(4, device="meta"), persistent=False)
    fsdp.fully_shard(model, mesh=alone)
    torch.use_deterministic_algorithms(True)  # what nobody wrote is NaN then
    try:
        model.to_empty(device="cpu")
    finally:
        torch.use_deterministic_algorithms(False)
    assert model.angles.isnan().all() and "angles" not in model.state_dict()


@pytest.mark.filterwarnings("ignore:DTensor random operators may not")
def test_copies_of_hsdp_draw_the_same_rows_only_by_the_number_of_their_part():
    fake = pytest.importorskip("torch.testing._internal.distributed.fake_pg")
    dist, drawn = torch.distributed, {}
    for rank in range(4):
        store = fake.FakeStore()
        dist.init_process_group("fake", rank=rank, world_size=4, store=store)
        try:
            names = ("copies", "parts")
            mesh = dist.init_device_mesh("cpu", (2, 2), mesh_dim_names=names)
            model = torch.nn.Linear(3, 4, device="meta")
            fsdp.fully_shard(model, mesh=mesh)
            model.to_empty(device="cpu")
            for seed in (dist.get_rank(), mesh.get_local_rank("parts")):
                torch.manual_seed(seed)
                torch.nn.init.normal_(model.weight)
                rows = model.weight.to_local().flatten().tolist()
                drawn.setdefault(rank, []).append(rows)
        finally:
            dist.destroy_process_group()
    for by, same in ((0, False), (1, True)):
        assert (drawn[0][by] == drawn[2][by]) is same
        assert (drawn[1][by] == drawn[3][by]) is same
        assert drawn[0][by] != drawn[1][by]
