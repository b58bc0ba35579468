"""The claims of docs/distributed/data-parallel.md, on the CPU."""

import inspect
import json
import re

import pytest
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel, _functions, parallel_apply

from harness.core.snippet import Snippet
from harness.core.tree import HERE
from tests.claims_support import names_of
from tests.ranks import in_processes

pytestmark = pytest.mark.timeout(300)

BODY = """
import warnings

from torch import nn
from torch.nn.parallel import DistributedDataParallel

class Picks(nn.Module):
    def __init__(self):
        super().__init__()
        self.always, self.one = nn.Linear(2, 1), nn.Linear(2, 1)
        self.never = nn.Linear(2, 1)

    def forward(self, x):
        return self.always(x) + (self.one(x) if rank == 0 else 0)

model = DistributedDataParallel(Picks(), find_unused_parameters=True)
for _ in range(2):
    model.zero_grad()
    model(torch.ones(1, 2)).sum().backward()
inside = model.module
facts["always"] = inside.always.weight.grad.tolist()
facts["one"] = inside.one.weight.grad.tolist()
facts["never"] = inside.never.weight.grad

model = DistributedDataParallel(nn.Linear(2, 1), gradient_as_bucket_view=True)
model(torch.ones(1, 2)).sum().backward()
facts["syncs"] = model.forward_sync_buffers
said = []
for option in ("forward_sync_buffers", "broadcast_buffers"):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        DistributedDataParallel(nn.Linear(2, 1), **{option: False})
    said.append(any("deprecated" in str(w.message) for w in caught))
facts["deprecated"] = said
facts["view"] = model.module.weight.grad._is_view()
facts["detach"] = attempt(lambda: model.module.weight.grad.detach_())

model = DistributedDataParallel(nn.Linear(1, 1, bias=False))
x = torch.tensor([[1.0], [1.0], [1.0], [5.0]])
for name, sizes in (("even", [2, 2]), ("uneven", [3, 1])):
    model.zero_grad()
    model(x.split(sizes)[rank]).mean().backward()
    facts[name] = model.module.weight.grad.item()

torch.manual_seed(0)
x, y = torch.randn(6, 3), torch.tensor([1, 1, 2, -100, 3, 0])

def against_whole(net, loss):
    wanted = torch.autograd.grad(loss(net(x), y), net[0].weight)[0]
    model = DistributedDataParallel(net)
    loss(model(x.split(3)[rank]), y.split(3)[rank]).backward()
    return (net[0].weight.grad / wanted).flatten().tolist()

def net(*more):
    return nn.Sequential(nn.Linear(3, 4), *more)

facts["smooth"] = against_whole(net(), lambda out, y: out.square().mean())
facts["sum"] = against_whole(net(), nn.CrossEntropyLoss(reduction="sum"))
facts["ignored"] = against_whole(net(), nn.CrossEntropyLoss())
facts["batch norm"] = against_whole(
    net(nn.BatchNorm1d(4), nn.Tanh()), lambda out, y: out.mean()
)
weight = torch.tensor([1.0, 5.0, 1.0, 1.0])
y[3] = 0
facts["weighted"] = against_whole(net(), nn.CrossEntropyLoss(weight))

model = DistributedDataParallel(Picks(), find_unused_parameters=True)
model.module.never.weight.grad = torch.full((1, 2), 5.0)
model(torch.ones(1, 2)).sum().backward()
facts["kept"] = model.module.never.weight.grad.tolist()
del model, inside
"""


@pytest.fixture(scope="module")
def facts():
    return in_processes(BODY)


def words(text):
    return " ".join(text.split())


def test_its_documentation_says_what_the_page_says():
    said = words(nn.DataParallel.__doc__)
    assert "recommended to use :class:`~torch.nn.parallel.Distributed" in said
    assert "even if there is only a single node" in said
    assert "In each forward, :attr:`module` is **replicated** on each device" in said
    assert "any updates to the running module in ``forward`` will be lost" in said
    assert "gradients from each replica are summed into the original module" in said
    assert "this wrapper will return a vector of length equal" in said
    assert "splitting the input across the specified devices by chunking" in said


def test_it_copies_the_model_in_every_step(monkeypatch):
    model = nn.DataParallel(nn.Linear(2, 1))
    copied, cpu = [], torch.device("cpu")

    def replicate(module, devices):
        copied.append(len(devices))
        return [module] * len(devices)

    # On a CPU it copies nothing: two parts of the CPU stand for two GPUs.
    given = {
        "device_ids": [0, 1],
        "output_device": cpu,
        "src_device_obj": cpu,
        "replicate": replicate,
        "scatter": lambda inputs, kwargs, ids: (
            [(part,) for part in inputs[0].chunk(2)],
            [{}, {}],
        ),
        "parallel_apply": lambda replicas, inputs, kwargs: [
            replica(*part) for replica, part in zip(replicas, inputs, strict=True)
        ],
        "gather": lambda outputs, device: torch.cat(outputs),
    }
    for name, value in given.items():
        monkeypatch.setattr(model, name, value, raising=False)
    x = torch.randn(4, 2)
    for steps in (1, 2, 3):
        assert torch.allclose(model(x), model.module(x))
        assert copied == [2] * steps


def test_each_program_of_the_page_runs_in_one_process():
    page = (HERE.docs / "distributed/data-parallel.md").read_text(encoding="utf-8")
    shown = set(re.findall(r'--8<-- "(\w+/\w+)\.md', page))
    programs = [one for name in shown if (one := Snippet(HERE, name)).path.exists()]
    assert len(programs) == len(shown) - 1 == 4  # the beginning of the exercise
    several = "multiprocessing|subprocess|fork|spawn|init_process|cuda|accelerator"
    for one in programs:
        assert one.directives.run == () and not re.search(several, one.source)


def test_its_source_has_the_steps_of_the_imitation():
    source = inspect.getsource(nn.DataParallel.forward)
    steps = ["self.scatter(", "self.replicate(", "self.parallel_apply(", "self.gather("]
    places = [source.index(step) for step in steps]
    assert places == sorted(places)
    assert "must have its parameters and buffers" in source
    assert "threading.Thread" in inspect.getsource(parallel_apply)
    gather = words(inspect.getsource(_functions.Gather.forward))
    assert "Was asked to gather along dimension 0, but all" in gather


@pytest.mark.parametrize(
    "count, gpus, sizes", [(5, 4, [2, 2, 1]), (6, 4, [2, 2, 2]), (3, 8, [1, 1, 1])]
)
def test_the_parts_are_those_of_chunk(count, gpus, sizes):
    names = names_of("distributed/steps_of_data_parallel")
    model = names["Net"]()
    losses, found = names["imitation"](model, torch.randn(count, 1), gpus)
    assert found == sizes and losses.shape == (len(sizes),)
    assert model.calls == 0


def test_a_replica_of_torch_loses_attributes_too():
    names = names_of("distributed/steps_of_data_parallel")
    model = names["Net"]()
    replica = model._replicate_for_data_parallel()
    replica.calls += 1
    assert model.calls == 0 and replica.calls == 1


def test_a_list_of_the_model_and_tensors_of_gpu_0_stay():
    model = nn.BatchNorm1d(3)
    model.log, model.by_name = [], {}
    replica = model._replicate_for_data_parallel()
    replica.log.append(1)
    replica.by_name["a"] = 2
    replica.num_batches_tracked = replica.num_batches_tracked + 1
    assert model.log == [1] and model.by_name == {"a": 2}
    assert model.num_batches_tracked == 0  # assigned, not changed in place
    replica.running_mean += 1
    assert model.running_mean.tolist() == [1, 1, 1]
    said = words(nn.DataParallel.__doc__)
    assert "**in-place** updates to the parameters or buffers on" in said


@pytest.mark.parametrize("gpus", [2, 3, 4])
def test_outputs_for_each_example_have_the_mean_of_the_batch(gpus):
    changes = {
        "return self.layer(x).mean()": "return self.layer(x)",
        "torch.stack(outputs)": "torch.cat(outputs)",
    }
    names = names_of("distributed/steps_of_data_parallel", changes)
    model, x = names["model"], names["x"]
    outputs, _ = names["imitation"](model, x, gpus)
    outputs.mean().backward()
    found = model.layer.weight.grad.clone()
    model.zero_grad()
    model(x).mean().backward()
    assert torch.allclose(found, model.layer.weight.grad)


def test_ddp_takes_the_mean_of_the_ranks(facts):
    for f in facts:
        assert f["even"] == 2 and f["uneven"] == 3


def test_equal_parts_need_a_mean_over_examples_for_an_equal_gradient(facts):
    for f in facts:
        assert f["smooth"] == pytest.approx([1] * 12, rel=1e-4)
        assert f["sum"] == pytest.approx([0.5] * 12, rel=1e-4)
        for name in ("ignored", "weighted", "batch norm"):
            assert max(abs(ratio - 1) for ratio in f[name]) > 0.02


def test_a_gradient_that_was_there_stays_where_no_rank_uses_the_weight(facts):
    assert all(f["kept"] == [[5, 5]] for f in facts)


def test_a_weight_of_one_rank_gets_half_of_its_gradient(facts):
    for f in facts:
        assert f["always"] == [[1, 1]] and f["one"] == [[0.5, 0.5]]
        assert f["never"] is None


def test_a_bucket_view_refuses_detach(facts):
    for f in facts:
        assert f["view"] is True and "detach" in f["detach"]


def test_the_defaults_are_those_of_the_table():
    options = inspect.signature(DistributedDataParallel).parameters
    assert options["forward_sync_buffers"].default is None
    for name in ("find_unused_parameters", "static_graph", "gradient_as_bucket_view"):
        assert options[name].default is False


def test_buffers_are_synced_unless_the_new_option_says_no(facts):
    for f in facts:
        assert f["syncs"] is True and f["deprecated"] == [False, True]


def test_both_files_load_into_the_plain_model():
    wrapped = nn.DataParallel(nn.Linear(2, 2))
    plain = nn.Linear(2, 2)
    plain.load_state_dict(wrapped.module.state_dict())
    with pytest.raises(AttributeError, match="'DataParallel' object has no attribute"):
        _ = wrapped.weight


def test_removeprefix_takes_the_beginning_that_you_name_once():
    assert "module.module.weight".removeprefix("module.") == "module.weight"
    assert "modules.weight".removeprefix("module") == "s.weight"  # no whole word


def test_the_picture_has_one_process_that_waits():
    file = HERE.recorded / "figures/distributed/two_kinds_of_parallel.json"
    single, shared = json.loads(file.read_text(encoding="utf-8"))["axes"]
    assert len(single["patches"]) == 9 and len(shared["patches"]) == 8


def test_ranks_with_a_contrastive_loss_have_another_gradient():
    torch.manual_seed(0)
    model, (x, y) = nn.Linear(3, 3), torch.randn(2, 8, 3)

    def gradient(a, b):  # each example against all of its rank
        scores = model(a) @ b.T
        loss = nn.functional.cross_entropy(scores, torch.arange(len(a)))
        return torch.autograd.grad(loss, model.weight)[0]

    ranks = zip(x.chunk(2), y.chunk(2), strict=True)
    mean = torch.stack([gradient(*rank) for rank in ranks]).mean(0)
    assert not torch.allclose(mean, gradient(x, y), atol=1e-3)
