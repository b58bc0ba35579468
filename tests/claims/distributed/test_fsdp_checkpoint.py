"""The claims of docs/distributed/fsdp-checkpoint.md, on the CPU."""

import dataclasses
import json
import runpy
import tempfile
from pathlib import Path

import pytest
import torch
from torch import nn

from harness.core.tree import HERE
from tests import forked
from tests.claims_support import Later, program
from tests.ranks import in_processes

dcp = Later("torch.distributed.checkpoint")
state_dict = Later("torch.distributed.checkpoint.state_dict")
pytestmark = pytest.mark.timeout(300)

MODEL = """
from torch import nn
import torch.distributed.checkpoint as dcp
from torch.distributed.checkpoint import state_dict
from torch.distributed.fsdp import fully_shard

folder = os.environ["FOLDER"]
x = torch.sin(torch.arange(36.0)).reshape(12, 3)

def pair(mesh=None, lr=0.1):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    if mesh:
        for module in (model[0], model[2], model):
            fully_shard(module, mesh=mesh)
    return model, torch.optim.AdamW(model.parameters(), lr=lr)

def step(model, optimizer, x):
    optimizer.zero_grad()
    model(x).square().mean().backward()
    optimizer.step()

def both(*pair):
    names = "model_state_dict", "optim_state_dict"
    return dict(zip(names, state_dict.get_state_dict(*pair)))

def full(model):
    whole = [getattr(p, "full_tensor", lambda: p)() for p in model.parameters()]
    return [p.flatten().tolist() for p in whole]
"""
BODY = (
    MODEL
    + """
mesh = dist.init_device_mesh("cpu", (2,))
mine = x[6 * rank : 6 * rank + 6]
run = pair(mesh)
for _ in range(3):
    step(*run, mine)
dcp.save({**both(*run), "epoch": 3}, checkpoint_id=folder)
facts["files"] = sorted(os.listdir(folder))
facts["at 3"] = full(run[0])
own = both(*pair(mesh))
facts["before"] = [len(own["optim_state_dict"]["state"])]

how = state_dict.StateDictOptions(full_state_dict=True, cpu_offload=True)
weights = state_dict.get_model_state_dict(run[0], options=how)
averages = state_dict.get_optimizer_state_dict(*run, options=how)
facts["gathered"] = len(weights), len(averages)
if rank == 0:
    saved = {"model": weights, "optimizer": averages}
    torch.save(saved, os.path.join(folder, "full.pt"))
torch.save(run[0].state_dict(), os.path.join(folder, f"half{rank}.pt"))
step(*run, mine)
facts["at 4"] = full(run[0])

made = folder + "/fresh"
dcp.save({"adam": run[1].state_dict()}, checkpoint_id=made)
state = pair(mesh)[1].state_dict()
dcp.load({"adam": state}, checkpoint_id=made)
facts["fresh"] = state["state"]
state = state_dict.get_optimizer_state_dict(*pair(mesh))
facts["made"] = [sorted(averages) for averages in state["state"].values()]
state = {"optim_state_dict": state}
dcp.load(state, checkpoint_id=folder)
found = state["optim_state_dict"]["state"].values()
facts["filled"] = sum(bool(a["exp_avg"].full_tensor().abs().sum() > 0) for a in found)

model = nn.Linear(2, 3)
nn.init.constant_(model.weight, float(rank))
model.register_buffer("kept", torch.tensor(rank))
fully_shard(model, mesh=mesh)
facts["mixed"] = model.weight.full_tensor()[:, 0].tolist()
facts["buffer"] = model.kept.item()
first = {}
if rank == 0:
    first = {"weight": torch.full((3, 2), 7.0), "bias": torch.zeros(3)}
    first["kept"] = torch.tensor(7)
how = state_dict.StateDictOptions(full_state_dict=True, broadcast_from_rank0=True)
state_dict.set_model_state_dict(model, first, options=how)
facts["buffer sent"] = model.kept.item()
facts["sent"] = model.weight.full_tensor()[:, 0].tolist()
facts["given"] = type(first["weight"]).__name__ if rank == 0 else "none"
first["weight"] = torch.full((3, 2), 8.0)
first["bias"], first["kept"] = torch.zeros(3), torch.tensor(8)
copied = dict(first) if rank == 0 else {}
state_dict.set_model_state_dict(model, copied, options=how)
facts["given a copy"] = type(first["weight"]).__name__
facts["sent again"] = model.weight.full_tensor()[:, 0].tolist()

made = folder + "/made"
dcp.save({"adam": state_dict.get_optimizer_state_dict(*run)}, checkpoint_id=made)
facts["after backward"] = []
for reset in (False, True):
    model, optimizer = pair(mesh)
    model(mine).sum().backward()
    if reset:
        model.zero_grad()
    state = {"adam": state_dict.get_optimizer_state_dict(model, optimizer)}
    dcp.load(state, checkpoint_id=made)
    facts["after backward"].append(len(state["adam"]["state"]))

model, optimizer = pair(mesh)
before = full(model)
state_dict.get_optimizer_state_dict(model, optimizer)
facts["made step"] = [state["step"].item() for state in optimizer.state.values()]
facts["same weights"] = full(model) == before

class Used(nn.Module):
    def __init__(self):
        super().__init__()
        self.used, self.head = nn.Linear(3, 2), nn.Linear(3, 2)

    def forward(self, x):
        return self.used(x)

def load(model, **options):
    fully_shard(model, mesh=mesh)
    optimizer = torch.optim.Adam(model.parameters())
    state = {"optim": state_dict.get_optimizer_state_dict(model, optimizer)}
    try:
        dcp.load(state, checkpoint_id=made, **options)
        return "fine"
    except Exception:
        return "an Exception"
    except BaseException as error:
        return str(error).splitlines()[-1]

made, model = folder + "/used", Used()
fully_shard(model, mesh=mesh)
optimizer = torch.optim.Adam(model.parameters())
step(model, optimizer, mine)
state = {"optim": state_dict.get_optimizer_state_dict(model, optimizer)}
dcp.save(state, checkpoint_id=made)
frozen = Used()
frozen.head.requires_grad_(False)
partial = dcp.DefaultLoadPlanner(allow_partial_load=True)
facts["unused"] = [load(Used()), load(frozen), load(Used(), planner=partial)]
"""
)
OTHER = (
    MODEL
    + """
mesh = dist.init_device_mesh("cpu", (3,))
run = pair(mesh, lr=0.7)
state = both(*run)
state["epoch"] = 0
dcp.load(state, checkpoint_id=folder)
epoch = state.pop("epoch")
state_dict.set_state_dict(*run, **state)
facts["epoch"], facts["lr"] = epoch, run[1].param_groups[0]["lr"]
facts["at 3"] = full(run[0])
step(*run, x[4 * rank : 4 * rank + 4])
facts["at 4"] = full(run[0])
"""
)


@pytest.fixture(scope="module")
def saved():
    with tempfile.TemporaryDirectory() as folder:
        yield folder


@pytest.fixture(scope="module")
def facts(saved):
    return in_processes(BODY, FOLDER=saved)


def plain():
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    return model, torch.optim.AdamW(model.parameters(), lr=0.7)


def step(model, optimizer):
    x = torch.sin(torch.arange(36.0)).reshape(12, 3)
    optimizer.zero_grad()
    model(x).square().mean().backward()
    optimizer.step()


def near(model, lists):
    pairs = zip(model.parameters(), lists, strict=True)
    return all(
        torch.allclose(p.flatten(), torch.tensor(wanted), atol=1e-6)
        for p, wanted in pairs
    )


def both(*pair):
    names = "model_state_dict", "optim_state_dict"
    return dict(zip(names, state_dict.get_state_dict(*pair), strict=True))


def test_each_rank_writes_a_file_and_metadata_says_where(facts):
    assert facts[0]["files"] == [".metadata", "__0_0.distcp", "__1_0.distcp"]


def test_one_process_continues_what_two_saved(facts, saved):
    model, optimizer = plain()
    state = both(model, optimizer)
    with pytest.warns(UserWarning, match="load in a single process"):
        dcp.load(state, checkpoint_id=saved)
    state_dict.set_state_dict(model, optimizer, **state)
    assert optimizer.param_groups[0]["lr"] == 0.1
    assert near(model, facts[0]["at 3"])
    step(model, optimizer)
    assert near(model, facts[0]["at 4"]) and not near(model, facts[0]["at 3"])


def test_without_set_state_dict_the_learning_rate_stays(facts, saved):
    model, optimizer = plain()
    state = both(model, optimizer)
    with pytest.warns(UserWarning, match="load in a single process"):
        dcp.load(state, checkpoint_id=saved)
    assert near(model, facts[0]["at 3"])  # filled in place
    assert optimizer.param_groups[0]["lr"] == 0.7


def test_three_processes_continue_what_two_saved(facts, saved, tmp_path):
    program = tmp_path / "facts.py"
    text = OTHER + "\nassert facts['lr'] == 0.1 and facts['epoch'] == 3\n"
    text += "if rank == 0:\n    print(json.dumps(facts), flush=True)\nos._exit(0)\n"
    start = "import json, os, torch\nimport torch.distributed as dist\n"
    start += "dist.init_process_group('gloo')\nrank, facts = dist.get_rank(), {}\n"
    program.write_text(start + text, encoding="utf-8")
    modules = forked.WITH_DDP
    ended = forked.ranks(program, count=3, modules=modules, FOLDER=saved)
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = json.loads(ended.stdout)
    assert found["at 3"] == facts[0]["at 3"]
    for one, other in zip(found["at 4"], facts[0]["at 4"], strict=True):
        assert one == pytest.approx(other, abs=1e-6)


def test_the_full_file_loads_into_a_plain_model_and_optimizer(facts, saved):
    assert [f["gathered"] for f in facts] == [[4, 2], [0, 0]]
    file = torch.load(Path(saved, "full.pt"))
    names = ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert list(file["model"]) == list(file["optimizer"]["state"]) == names
    model, optimizer = plain()
    model.load_state_dict(file["model"])
    optimizer.load_state_dict(file["optimizer"])
    assert list(optimizer.state_dict()["state"]) == [0, 1, 2, 3]
    step(model, optimizer)
    assert near(model, facts[0]["at 4"])


def test_a_command_makes_one_file_of_the_folder(facts, saved, tmp_path, monkeypatch):
    from torch.distributed.checkpoint import format_utils

    command = ["format_utils.py", "dcp_to_torch", saved, str(tmp_path / "model.pt")]
    monkeypatch.setattr("sys.argv", command)
    runpy.run_path(format_utils.__file__, run_name="__main__")
    file = torch.load(tmp_path / "model.pt")
    model = plain()[0]
    model.load_state_dict(file["model_state_dict"])
    assert near(model, facts[0]["at 3"]) and file["epoch"] == 3


RESUMED = """
import torch.distributed.checkpoint as dcp
from torch import nn
from torch.distributed.checkpoint import state_dict
from torch.distributed.fsdp import fully_shard

torch.manual_seed(rank)

{the_class}

def step(run, number):
    x = torch.sin(torch.arange(12.0) + 5 * number + 3 * rank).reshape(4, 3)
    run.adam.zero_grad()
    run.model(x).square().mean().backward()
    run.adam.step()

def whole(run):
    return [p.full_tensor().tolist() for p in run.model.parameters()]

first, resumed, without = Run(lr=0.1), Run(lr=0.5), Run(lr=0.1)
facts["rows"] = first.model.weight.to_local().shape[0]
for number in range(3):
    step(first, number)
dcp.save({{"run": first}}, checkpoint_id=os.environ["FOLDER"])
dcp.load({{"run": resumed}}, checkpoint_id=os.environ["FOLDER"])
without.model.load_state_dict(first.model.state_dict())
facts["lr"] = resumed.adam.param_groups[0]["lr"]
state = resumed.adam.state_dict()["state"][0]
facts["averages"] = state["step"].item(), state["exp_avg"].to_local().shape[0]
facts["loaded"] = whole(resumed) == whole(first)
for run in (first, resumed, without):
    for number in range(3, 6):
        step(run, number)
facts["unbroken"], facts["resumed"] = whole(first), whole(resumed)
facts["without"] = whole(without)
"""


def test_two_processes_resume_with_their_parts_of_the_averages(tmp_path):
    text = program("distributed/resume_from_parts")
    text = text[text.index("class Run") : text.index("store = ")]
    assert text.count("(1,)") == 1
    body = RESUMED.format(the_class=text.replace("(1,)", "(2,)"))
    for f in in_processes(body, FOLDER=str(tmp_path)):
        assert f["rows"] == 2 and f["averages"] == [3, 2]  # of four, half
        assert f["loaded"] and f["lr"] == 0.1
        assert f["resumed"] == f["unbroken"] != f["without"]
    assert len(list(tmp_path.glob("*.distcp"))) == 2


def test_torch_save_of_a_rank_holds_its_rows_only(facts, saved):
    files = [torch.load(Path(saved, f"half{rank}.pt")) for rank in range(2)]
    weights = [file["0.weight"] for file in files]
    assert [tuple(w.to_local().shape) for w in weights] == [(3, 3), (2, 3)]
    joined = torch.cat([w.to_local() for w in weights])
    assert joined.flatten().tolist() == facts[0]["at 3"][0]
    with pytest.raises(RuntimeError, match="Could not resolve the process group"):
        weights[0].full_tensor()
    with pytest.raises(RuntimeError, match="mixed torch.Tensor and DTensor"):
        plain()[0].load_state_dict(files[0])


def test_fully_shard_copies_no_weights_and_no_buffers(facts):
    for f in facts:
        assert f["mixed"] == [0, 0, 1]
        assert f["sent"] == [7, 7, 7]
    assert [f["buffer"] for f in facts] == [0, 1]
    assert [f["buffer sent"] for f in facts] == [7, 7]


def test_the_dictionary_that_rank_0_sends_holds_parts_afterwards(facts):
    assert facts[0]["given"] == "DTensor" and facts[0]["given a copy"] == "Tensor"
    assert all(f["sent again"] == [8, 8, 8] for f in facts)


def test_a_fresh_optimizer_has_no_place_for_averages(facts):
    for f in facts:
        assert f["fresh"] == {} and f["filled"] == 4
        assert f["made"] == [["exp_avg", "exp_avg_sq", "step"]] * 4


def test_averages_are_made_only_before_a_backward_pass(facts):
    assert all(f["after backward"] == [0, 4] for f in facts)


def test_making_the_averages_counts_as_a_step_and_leaves_the_weights(facts):
    assert all(f["made step"] == [1] * 4 and f["same weights"] for f in facts)


def test_a_weight_that_never_had_a_gradient_has_no_averages_to_load(facts):
    for f in facts:
        missing, *helped = f["unused"]
        assert missing.endswith("optim.state.head.weight.step.")  # no Exception
        assert helped == ["fine", "fine"]


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.int64])
def test_another_dtype_is_converted(facts, saved, dtype):
    state = {"model_state_dict": {"0.weight": torch.full((5, 3), 9, dtype=dtype)}}
    with pytest.warns(UserWarning, match="load in a single process"):
        dcp.load(state, checkpoint_id=saved)
    wanted = torch.tensor(facts[0]["at 3"][0]).reshape(5, 3).to(dtype)
    found = state["model_state_dict"]["0.weight"]
    assert found.dtype == dtype and torch.equal(found, wanted)


def test_the_order_of_the_weights_decides_and_groups_must_agree(facts, saved):
    averages = torch.load(Path(saved, "full.pt"))["optimizer"]
    model, _ = plain()
    backwards = torch.optim.AdamW(reversed(list(model.parameters())))
    backwards.load_state_dict(averages)  # no error
    assert backwards.state[model[2].bias]["exp_avg"].shape == (5, 3)
    model(torch.ones(1, 3)).sum().backward()
    with pytest.raises(RuntimeError, match="size of tensor"):
        backwards.step()
    one, two = nn.Linear(3, 3), nn.Linear(3, 3)
    adam = torch.optim.Adam([one.weight, two.weight])
    two(one(torch.ones(1, 3))).sum().backward()
    adam.step()
    swapped = torch.optim.Adam([two.weight, one.weight])
    swapped.load_state_dict(adam.state_dict())
    swapped.step()  # no error, and the averages of the other weight
    assert swapped.state[one.weight]["step"] == 2
    groups = [{"params": model[0].parameters()}, {"params": model[2].parameters()}]
    with pytest.raises(ValueError, match="different number of parameter groups"):
        torch.optim.AdamW(groups).load_state_dict(averages)


def test_another_shape_is_refused(facts, saved):
    state = {"model_state_dict": {"0.weight": torch.zeros(6, 3)}}
    with (
        pytest.warns(UserWarning, match="load in a single process"),
        pytest.raises(dcp.CheckpointException, match="Size mismatch"),
    ):
        dcp.load(state, checkpoint_id=saved)


def test_a_name_that_is_only_in_the_folder_is_left_out(facts, saved):
    state = {"model_state_dict": {"2.bias": torch.zeros(2)}}
    with pytest.warns(UserWarning, match="load in a single process"):
        dcp.load(state, checkpoint_id=saved)
    found = state["model_state_dict"]["2.bias"]
    assert torch.allclose(found, torch.tensor(facts[0]["at 3"][3]))


@pytest.mark.filterwarnings("ignore:torch.distributed is disabled")
def test_a_part_is_read_whole_for_two_of_its_rows(tmp_path, monkeypatch):
    class FirstRows(dcp.DefaultLoadPlanner):
        def create_local_plan(self):
            plan = super().create_local_plan()
            (item,) = plan.items
            rows = dataclasses.replace(item, lengths=torch.Size([2, 3]))
            return dataclasses.replace(plan, items=[rows])

    read, load = [], torch.load

    def noted(*args, **options):
        read.append(load(*args, **options))
        return read[-1]

    dcp.save({"w": torch.ones(6, 3), "other": torch.ones(9)}, checkpoint_id=tmp_path)
    monkeypatch.setattr(torch, "load", noted)
    state = {"w": torch.zeros(6, 3)}
    dcp.load(state, checkpoint_id=tmp_path, planner=FirstRows())
    assert [part.shape for part in read] == [(6, 3)]
    assert state["w"].sum(dim=1).tolist() == [3, 3, 0, 0, 0, 0]


def test_a_folder_without_metadata_cannot_be_loaded(tmp_path):
    with (
        pytest.warns(UserWarning, match="load in a single process"),
        pytest.raises(dcp.CheckpointException, match="metadata"),
    ):
        dcp.load({"w": torch.zeros(1)}, checkpoint_id=tmp_path)


def test_the_picture_has_the_rows_of_each_rank():
    file = HERE.recorded / "figures/distributed/parts_for_other_ranks.json"
    (axes,) = json.loads(file.read_text(encoding="utf-8"))["axes"]
    texts = [text for text in json.dumps(axes["texts"]).split('"') if "rank" in text]
    assert texts == [f"rank {n}" for n in (0, 1, 0, 0, 1, 2)]


@pytest.mark.parametrize("drop", [0.0, 0.5])
@pytest.mark.filterwarnings("ignore:torch.distributed is disabled")
def test_a_resumed_run_repeats_no_dropout(tmp_path, drop):
    """What a checkpoint in parts holds is the state of model and optimizer alone."""
    torch.manual_seed(0)
    x, runs = torch.randn(8, 3), []
    for _ in range(2):
        layers = [torch.nn.Linear(3, 8), torch.nn.Dropout(drop), torch.nn.Linear(8, 1)]
        model = torch.nn.Sequential(*layers)
        runs.append((model, torch.optim.Adam(model.parameters())))

    def train(model, adam):
        adam.zero_grad()
        model(x).square().mean().backward()
        adam.step()

    def state(model, adam):
        names = "model", "optim"
        return dict(zip(names, state_dict.get_state_dict(model, adam), strict=True))

    train(*runs[0])
    dcp.save(state(*runs[0]), checkpoint_id=tmp_path, no_dist=True)
    train(*runs[0])
    loaded = state(*runs[1])
    dcp.load(loaded, checkpoint_id=tmp_path, no_dist=True)
    model, adam = runs[1]
    state_dict.set_state_dict(
        model,
        adam,
        model_state_dict=loaded["model"],
        optim_state_dict=loaded["optim"],
    )
    train(model, adam)
    pairs = zip(*(run[0].parameters() for run in runs), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs) == (drop == 0)
