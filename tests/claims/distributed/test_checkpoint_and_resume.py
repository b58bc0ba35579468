"""The claims of docs/distributed/checkpoint-and-resume.md, on the CPU."""

import os
import tempfile
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch import nn
from torch.utils.data import DataLoader, Dataset, DistributedSampler

from harness.core.tree import HERE
from tests import forked
from tests.claims_support import names_of, printed, program
from tests.ranks import in_processes

pytestmark = pytest.mark.timeout(300)

BODY = """
import warnings
from contextlib import nullcontext

from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler

folder = os.environ["FOLDER"]
data = [(x, x.sum(0, keepdim=True)) for x in torch.linspace(-1, 1, 48).view(16, 3)]

def run(name, until, left_out="", first=None):
    torch.manual_seed(5 + rank)  # DDP takes the weights of rank 0
    path = os.path.join(folder, name)
    loader = DataLoader(data, batch_size=2, sampler=DistributedSampler(data))
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    ddp = DistributedDataParallel(net)
    parts = {"model": ddp.module}
    parts["optimizer"] = torch.optim.AdamW(ddp.parameters(), lr=0.05)
    start = 0
    if os.path.exists(path):
        saved = torch.load(path, map_location="cpu")
        start = saved["epoch"]
        for part in parts.keys() - {left_out}:
            parts[part].load_state_dict(saved[part])
    for epoch in range(start, until):
        loader.sampler.set_epoch(epoch if first is None else epoch - start + first)
        for x, y in loader:
            loss = (ddp(x) - y).square().mean()
            parts["optimizer"].zero_grad()
            loss.backward()
            parts["optimizer"].step()
    mean = loss.detach() / 2
    dist.all_reduce(mean)
    facts["losses"] = loss.item(), mean.item()
    if name.startswith("run") and rank == 0:
        states = {name: part.state_dict() for name, part in parts.items()}
        torch.save(states | {"epoch": until}, path + ".new")
        os.replace(path + ".new", path)
        facts["names"] = list(states["model"])
    dist.barrier()
    if name.startswith("run"):
        facts["found"] = os.path.exists(path)
    return nn.utils.parameters_to_vector(ddp.parameters()).tolist()

facts["unbroken"] = run("none", 4)
for left_out in ("", "optimizer", "model"):
    run(f"run{left_out}", 2)
    facts[f"without {left_out}"] = run(f"run{left_out}", 4, left_out)
run("run orders", 2)
facts["orders from 0"] = run("run orders", 4, first=0)

norm = nn.BatchNorm2d(2)
ddp = DistributedDataParallel(norm)
for _ in range(3):
    ddp(torch.full((2, 2, 3, 3), 8.0 * rank))
facts["after training"] = norm.running_mean.tolist()
ddp.eval()(torch.zeros(2, 2, 3, 3))
facts["after evaluation"] = norm.running_mean.tolist()
del ddp

def copied(off, **how):
    with warnings.catch_warnings(action="ignore"):
        ddp = DistributedDataParallel(nn.BatchNorm1d(2), **how)
    usual, calls, found = ddp._sync_buffers, [], []
    ddp._sync_buffers = lambda: (calls.append(len(found)), usual())
    off = getattr(ddp, off, getattr(torch, off, None))
    for context in [nullcontext, nullcontext, off, off, nullcontext, nullcontext]:
        with context():
            ddp(torch.randn(4, 2))
        found.append(len(found) in calls)
    return found

facts["copied after no_grad"] = copied("no_grad")
facts["copied after no_sync"] = copied("no_sync")
facts["copied without broadcast"] = copied("no_grad", broadcast_buffers=False)
"""


@pytest.fixture(scope="module")
def facts():
    with tempfile.TemporaryDirectory() as folder:
        return in_processes(BODY, FOLDER=folder)


def test_a_resumed_run_equals_one_without_a_break(facts):
    for f in facts:
        assert f["without "] == f["unbroken"]
    assert facts[0]["unbroken"] == facts[1]["unbroken"]


@pytest.mark.parametrize("part", ["without optimizer", "without model"])
def test_each_part_of_the_file_is_needed(facts, part):
    assert all(f[part] != f["unbroken"] for f in facts)


def test_the_sampler_needs_the_true_epoch_when_it_resumes(facts):
    assert all(f["orders from 0"] != f["unbroken"] for f in facts)


def test_the_loss_is_the_mean_of_the_ranks(facts):
    own = [f["losses"][0] for f in facts]
    assert own[0] != own[1]
    for f in facts:
        assert f["losses"][1] == pytest.approx(sum(own) / 2)


def test_only_rank_0_saves_and_all_find_the_file(facts):
    assert [f["found"] for f in facts] == [True, True]
    assert "names" not in facts[1]
    assert not any(name.startswith("module.") for name in facts[0]["names"])


def test_batch_norm_has_the_averages_of_rank_0(facts):
    assert facts[0]["after training"] == [0, 0]
    assert facts[1]["after training"] == pytest.approx([0.8, 0.8])  # its last batch
    assert [f["after evaluation"] for f in facts] == [[0, 0], [0, 0]]


WHOLE = HERE.docs / "assets" / "train_ddp.py"
EPOCHS = "EPOCHS = 4"
STEP = "            optimizer.step()\n"
CUT = f"{STEP}            if epoch == 1:\n                os._exit(0)\n"
LOAD = '        optimizer.load_state_dict(saved["optimizer"])\n'
SEED, OTHER = "torch.manual_seed(0)", "torch.manual_seed(dist.get_rank() + 5)"


def whole(folder, *changes):
    """Run the whole script with changes; what it printed, and the last file."""
    text, path = WHOLE.read_text(encoding="utf-8"), folder / "run.pt"
    for old, new in (('"run.pt"', repr(str(path))), *changes):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file = folder / "train_ddp.py"
    file.write_text(text, encoding="utf-8")
    ended = forked.ranks(file, modules=forked.WITH_DDP)
    assert ended.returncode == 0, ended.stderr[-2000:]
    left = {one.name for one in folder.iterdir()}
    assert left == {"run.pt", "train_ddp.py"}  # no half a file
    return ended.stdout.splitlines(), torch.load(path)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    return whole(tmp_path_factory.mktemp("whole"))


def same(one, other):
    states = [state["model"] | state["optimizer"]["state"] for state in (one, other)]
    flat = [torch.utils._pytree.tree_leaves(state) for state in states]
    return all(torch.equal(a, b) for a, b in zip(*flat, strict=True))


def test_the_whole_script_prints_a_line_for_each_epoch(unbroken):
    lines, saved = unbroken
    assert [line.split(":")[0] for line in lines] == [f"epoch {n}" for n in range(4)]
    assert list(saved["model"])[0] == "0.weight" and saved["epoch"] == 4


@pytest.mark.parametrize("stop", [(EPOCHS, "EPOCHS = 1"), (STEP, CUT)])
def test_the_whole_script_goes_on_where_it_stopped(unbroken, stop, tmp_path):
    lines, saved = whole(tmp_path, stop)
    assert len(lines) == saved["epoch"] == 1
    rest, saved = whole(tmp_path, (SEED, OTHER))  # the file decides, not the seed
    assert lines + rest == unbroken[0]
    assert same(saved, unbroken[1])


def test_the_whole_script_needs_the_optimizer_of_the_file(unbroken, tmp_path):
    whole(tmp_path, (EPOCHS, "EPOCHS = 1"))
    assert not same(whole(tmp_path, (LOAD, ""))[1], unbroken[1])


def test_without_the_optimizer_the_gap_is_not_zero(tmp_path):
    text = program("distributed/ddp_resume_equals_unbroken")
    line = '        optimizer.load_state_dict(saved["optimizer"])\n'
    assert text.count(line) == 1
    text = text.replace('"run.pt"', repr(str(tmp_path / "run.pt")))
    file = tmp_path / "train.py"
    file.write_text(text.replace(line, ""), encoding="utf-8")
    ended = forked.ranks(file, modules=forked.WITH_DDP)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert float(ended.stdout.split()[-1]) > 0.001


def test_make_of_the_whole_script_returns_a_data_set_and_a_model():
    source = (HERE.docs / "assets/train_ddp.py").read_text(encoding="utf-8")
    names = {"__name__": "train_ddp"}
    exec(source, names)
    data, model = names["make"]()
    assert isinstance(data, Dataset) and isinstance(model, nn.Module)
    assert "data, model = make()" in source


@pytest.mark.parametrize("count", [3, 6, 100])
def test_the_weight_of_the_resumed_run_is_on_its_way_to_2(count):
    """One process with all the data takes the steps of two with half of it each."""
    torch.manual_seed(0)
    model = nn.Linear(1, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for epoch in range(count):
        x = (epoch + torch.linspace(-1, 1, 8))[:, None]
        optimizer.zero_grad()
        (model(x) - 2 * x).square().mean().backward()
        optimizer.step()
    wanted, bound = {3: (0.270, 0.001), 6: (0.524, 0.001)}.get(count, (2.0, 0.1))
    assert model.weight.item() == pytest.approx(wanted, abs=bound)


def test_what_the_programs_printed():
    assert printed("distributed/ddp_resume_equals_unbroken").endswith("gap 0.0\n")
    first, second = printed("distributed/batch_norm_of_rank_0").splitlines()
    assert first == "rank 0: [0.0, 0.5, 1.0, 1.0]"
    assert second.startswith("rank 1: [10.0, 5.5, 4.33")
    saved = printed("distributed/ddp_mean_loss_and_checkpoint")
    assert saved == "mean loss 0.000, file: model epoch optimizer\n"


@pytest.fixture
def alone():
    store = dist.HashStore()
    dist.init_process_group("gloo", store=store, rank=0, world_size=1)
    yield
    dist.destroy_process_group()


@pytest.mark.parametrize("shape", [(4, 3), (4, 3, 5), (4, 3, 2, 2)])
def test_sync_batch_norm_trains_on_no_cpu_with_a_group(alone, shape):
    model = nn.SyncBatchNorm(3)
    with pytest.raises(ValueError, match="to be on GPU or XPU"):
        model(torch.ones(shape))
    assert model.eval()(torch.ones(shape)).shape == shape


def test_sync_batch_norm_without_a_group_is_plain_batch_norm():
    torch.manual_seed(1)
    plain, x = nn.BatchNorm2d(3), torch.randn(4, 3, 2, 2)
    model = nn.SyncBatchNorm.convert_sync_batchnorm(nn.BatchNorm2d(3))
    assert torch.allclose(model(x), plain(x))
    assert torch.allclose(model.running_mean, plain.running_mean)
    assert model.state_dict().keys() == plain.state_dict().keys()  # one file for both


@pytest.mark.skipif(torch.accelerator.is_available(), reason="a device is there")
def test_data_parallel_without_a_device_only_runs_the_module():
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    parallel = nn.DataParallel(net, device_ids=[0, 1])
    assert parallel.device_ids == [] and parallel.module is net
    x = torch.randn(6, 3)
    net.eval()
    assert torch.equal(parallel(x), net(x))


def test_data_parallel_names_begin_with_module():
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    names = list(nn.DataParallel(net).state_dict())
    assert names == [f"module.{name}" for name in net.state_dict()]
    assert "recommended to use" in " ".join(nn.DataParallel.__doc__.split())


@pytest.mark.parametrize("count, ranks, seed", [(30, 3, 0), (64, 2, 7)])
def test_without_set_epoch_a_rank_sees_one_part_only(count, ranks, seed):
    def epochs(call):
        sampler = DistributedSampler(range(count), ranks, 1, seed=seed)
        loader = DataLoader(range(count), sampler=sampler)
        for epoch in range(4):
            if call:
                sampler.set_epoch(epoch)
            yield tuple(int(x) for x in loader)

    assert len(set(epochs(call=False))) == 1
    assert len(set(sum(epochs(call=False), ()))) == count // ranks
    assert len(set(epochs(call=True))) == 4
    assert len(set(sum(epochs(call=True), ()))) > count // ranks


def test_two_writers_leave_a_broken_file():
    names = names_of("distributed/two_ranks_write_one_file")
    said = printed("distributed/two_ranks_write_one_file")
    assert said.startswith("PytorchStreamReader failed reading")
    mixed = names["other"][:3000] + names["one"][3000:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run.pt")
        path.write_bytes(mixed)
        with pytest.raises(RuntimeError, match="PytorchStreamReader"):
            torch.load(path)
        path.with_suffix(".new").write_bytes(names["one"])
        os.replace(path.with_suffix(".new"), path)
        assert torch.load(path)["model"].sum() == 1000


def test_buffers_are_not_copied_right_after_no_grad_or_no_sync(facts):
    for f in facts:
        for off in "no_grad", "no_sync":
            assert f["copied after " + off] == [True, True, True, False, False, True]
        assert f["copied without broadcast"] == [False] * 6


@pytest.mark.parametrize("epoch", [0, 3])
def test_twice_the_ranks_keep_the_batches_with_half_the_size(epoch):
    def batches(ranks, size):
        parts = []
        for rank in range(ranks):
            sampler = DistributedSampler(range(64), ranks, rank)
            sampler.set_epoch(epoch)
            loader = DataLoader(range(64), batch_size=size, sampler=sampler)
            parts.append([set(batch.tolist()) for batch in loader])
        return [set.union(*step) for step in zip(*parts, strict=True)]

    assert batches(2, 8) == batches(4, 4) == batches(1, 16) != batches(4, 8)


def test_the_mean_of_ranks_is_wrong_if_a_loss_leaves_examples_out():
    cross_entropy = nn.functional.cross_entropy
    torch.manual_seed(0)
    scores, labels = torch.randn(4, 3), torch.tensor([0, -100, 1, 2])
    halves = zip(scores.split(2), labels.split(2), strict=True)
    mean = sum(cross_entropy(*half) for half in halves) / 2
    assert not torch.isclose(mean, cross_entropy(scores, labels))
    labels[1] = 2
    halves = zip(scores.split(2), labels.split(2), strict=True)
    mean = sum(cross_entropy(*half) for half in halves) / 2
    assert torch.isclose(mean, cross_entropy(scores, labels))
