"""The claims of docs/gpu/memory.md: bytes against formulas, gradients against torch."""

import copy
import gc
import inspect
import re
import weakref
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.checkpoint import checkpoint

from harness.core.tree import HERE
from tests.claims_support import printed


def saved_by(call, *own):
    """Bytes of distinct memory that a call saves for backward, less that of `own`."""
    saved = {}

    def keep(t):
        storage = t.untyped_storage()
        saved[storage.data_ptr()] = storage.nbytes()
        return t

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
        result = call()
    for t in own:
        saved.pop(t.untyped_storage().data_ptr(), None)
    del result
    return sum(saved.values())


def test_the_second_hook_gives_a_tensor_back_in_backward():
    kept, asked = [], []
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(
        lambda t: kept.append(t) or len(kept) - 1, lambda i: asked.append(i) or kept[i]
    ):
        loss = (x.exp() * x.sin()).sum()
    assert kept and not asked
    loss.backward()
    assert sorted(asked) == list(range(len(kept)))
    assert torch.allclose(x.grad, x.exp() * (x.sin() + x.cos()))


def block(activation=nn.GELU):
    return nn.Sequential(nn.Linear(64, 256), activation(), nn.Linear(256, 64))


def size(tensors):
    return sum(t.numel() * t.element_size() for t in tensors)


# What takes memory


def test_weights_take_four_bytes_each_and_gradients_as_much():
    model = block()
    numbers = 64 * 256 + 256 + 256 * 64 + 64
    assert size(model.parameters()) == 4 * numbers == 132352
    model(torch.ones(2, 64)).sum().backward()
    assert size(p.grad for p in model.parameters()) == 132352


@pytest.mark.parametrize(
    "kind, options, copies, counters",
    [
        (torch.optim.SGD, {}, 0, 0),
        (torch.optim.SGD, {"momentum": 0.9}, 1, 0),
        (torch.optim.Adam, {}, 2, 1),
    ],
)
def test_an_optimizer_makes_its_state_in_the_first_step(
    kind, options, copies, counters
):
    model = nn.Linear(256, 64)
    optimizer = kind(model.parameters(), lr=0.01, **options)
    model(torch.ones(1, 256)).sum().backward()
    assert not optimizer.state
    for _ in range(2):  # the second step adds nothing
        optimizer.step()
        state = [t for s in optimizer.state.values() for t in s.values()]
        found = size(t for t in state if t is not None)
        assert found == copies * 65792 + counters * 2 * 4


# What backward needs


@pytest.mark.parametrize("batch", [32, 64, 128, 512])
def test_saved_bytes_are_input_twice_the_middle_and_output(batch):
    model, x = block(), torch.ones(batch, 64)
    found = saved_by(lambda: model(x).square().mean(), *model.parameters())
    assert found == 4 * batch * (64 + 256 + 256 + 64)


def test_nothing_is_saved_under_no_grad():
    model = block()
    with torch.no_grad():
        assert saved_by(lambda: model(torch.ones(32, 64)).square().mean()) == 0


def test_weights_are_saved_without_a_copy():
    layers, x = block(), torch.ones(32, 64, requires_grad=True)
    own = {p.untyped_storage().data_ptr() for p in layers.parameters()}
    seen = []

    def keep(t):
        seen.append(t.untyped_storage().data_ptr())
        return t

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
        layers(x)
    assert own & set(seen)


def test_relu_needs_its_result_alone():
    model, x = block(nn.ReLU), torch.ones(32, 64)
    found = saved_by(lambda: model(x).square().mean(), *model.parameters())
    assert found == 4 * 32 * (64 + 256 + 64) == 49152


# Save less, compute again


def blocks_of(count, make=block):
    torch.manual_seed(0)
    return nn.ModuleList(make() for _ in range(count))


def through(blocks, h, again):
    for one in blocks:
        h = checkpoint(one, h, use_reentrant=False) if again else one(h)
    return h


def test_checkpoints_save_the_inputs_of_blocks_alone():
    blocks, x = blocks_of(4), torch.ones(32, 64)
    found = [
        saved_by(lambda a=again: through(blocks, x, a), *blocks.parameters())
        for again in (False, True)
    ]
    assert found == [4 * 4 * 32 * (64 + 256 + 256), 4 * 4 * 32 * 64]
    assert found[0] == 9 * found[1]


def test_checkpoints_give_the_same_gradients_to_the_last_bit():
    blocks, x = blocks_of(4), torch.randn(32, 64)
    plain, again = (
        torch.autograd.grad(through(blocks, x, a).square().sum(), blocks.parameters())
        for a in (False, True)
    )
    assert all(map(torch.equal, plain, again))
    assert all(g.any() for g in plain)


def test_a_checkpoint_runs_its_block_once_more():
    blocks, calls = blocks_of(3), []
    for one in blocks:
        one[0].register_forward_hook(lambda *_: calls.append(1))
    result = through(blocks, torch.ones(2, 64), True)
    assert len(calls) == 3
    result.sum().backward()
    assert len(calls) == 6


def test_dropout_draws_the_same_mask_again():
    blocks = blocks_of(1, lambda: nn.Sequential(nn.Linear(64, 64), nn.Dropout(0.5)))
    x, results = torch.randn(8, 64), []
    for again in (False, True):
        torch.manual_seed(3)
        y = through(blocks, x, again)
        results.append(torch.autograd.grad(y.square().sum(), blocks.parameters()))
    assert all(map(torch.equal, *results))


@pytest.mark.parametrize("again, times", [(False, 1), (True, 2)])
def test_a_batch_norm_in_a_checkpoint_updates_its_statistics_twice(again, times):
    blocks = blocks_of(1, lambda: nn.Sequential(nn.BatchNorm1d(2)))
    through(blocks, torch.randn(8, 2), again).sum().backward()
    assert blocks[0][0].num_batches_tracked == times


def test_without_use_reentrant_checkpoint_warns():
    x = torch.ones(2, 64, requires_grad=True)
    with pytest.warns(UserWarning, match="use_reentrant parameter should be passed"):
        checkpoint(block(), x)


# Take the batch in parts


def test_parts_by_their_share_give_the_gradient_of_the_whole():
    torch.manual_seed(0)
    x, y = torch.randn(100, 3), torch.randn(100, 1)
    model = nn.Linear(3, 1)
    parts = copy.deepcopy(model)
    nn.functional.mse_loss(model(x), y).backward()
    for a, b in zip(x.split(32), y.split(32), strict=True):  # the last has 4
        (nn.functional.mse_loss(parts(a), b) * len(a) / 100).backward()
    residual = x.numpy() @ model.weight.detach().numpy().T
    residual += model.bias.item() - y.numpy()
    by_hand = 2 / 100 * x.numpy().T @ residual
    for one in (model, parts):
        np.testing.assert_allclose(one.weight.grad.T, by_hand, rtol=1e-5, atol=1e-6)


def test_a_part_saves_its_share_of_the_bytes():
    model = block()

    def found(batch):
        x = torch.ones(batch, 64)
        return saved_by(lambda: model(x).square().mean(), *model.parameters())

    assert found(128) == 4 * found(32)


@pytest.fixture
def alive():
    """What operations saved in the test and is still in memory."""
    found = weakref.WeakSet()

    class Kept:
        def __init__(self, t):
            self.t = t
            found.add(self)

    with torch.autograd.graph.saved_tensors_hooks(Kept, lambda kept: kept.t):
        yield found


def test_backward_frees_what_was_saved(alive):
    loss = block()(torch.ones(2, 64)).sum()
    assert len(alive) > 0
    loss.backward()
    gc.collect()
    assert len(alive) == 0


# Pitfalls


def test_a_mean_over_unequal_parts_stays_wrong():
    x = np.array([1.0, 1, 1, 1, 6])
    w = torch.tensor(1.0, requires_grad=True)
    for part in torch.tensor(x).split(2):
        ((w * part).mean() / 3).backward()
    assert w.grad.item() == pytest.approx((1 + 1 + 6) / 3)
    assert w.grad.item() != pytest.approx(x.mean())


def test_a_kept_loss_keeps_what_its_graph_saved(alive):
    model, x, counts = block(), torch.ones(2, 64), []
    losses = []
    for _ in range(3):
        losses.append(model(x).sum())
        counts.append(len(alive))
    assert counts == [counts[0], 2 * counts[0], 3 * counts[0]] and counts[0] > 0
    losses = [loss.detach() for loss in losses]
    assert len(alive) == 0 and not any(n.requires_grad for n in losses)


@pytest.mark.parametrize("how", ["list", "sum"])
def test_after_backward_a_kept_loss_holds_nothing_saved_unless_it_was_retained(
    alive, how
):
    def left(**options):
        model, x, kept = block(), torch.ones(2, 64), []
        for _ in range(3):
            loss = model(x).sum()
            loss.backward(**options)
            kept = [*kept, loss] if how == "list" else [sum(kept) + loss]
        return len(alive)

    assert left() == 0
    assert left(retain_graph=True) > 0


def test_a_caught_error_holds_the_tensors_of_the_failed_step():
    def step():
        x = torch.ones(4)
        held.append(weakref.ref(x))
        raise torch.OutOfMemoryError("CUDA out of memory.")

    held = []
    try:
        step()
    except torch.OutOfMemoryError:
        assert held[0]() is not None
    assert held[0]() is None


def test_out_of_memory_is_a_runtime_error():
    assert issubclass(torch.OutOfMemoryError, RuntimeError)


def test_autocast_saves_about_half():
    model = nn.Sequential(*[block() for _ in range(4)])
    x = torch.ones(1024, 64)

    def forward(enabled):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
            return model(x)

    full, half = (
        saved_by(lambda e=e: forward(e), *model.parameters()) for e in (False, True)
    )
    assert 0.4 < half / full < 0.6


# Ask the GPU

PAGE = (HERE.docs / "gpu/memory.md").read_text()
ASK = PAGE.partition("## Measure the memory of a GPU\n")[2].partition("\n## ")[0]
ROWS = re.findall(r"^\| (`\w+`) \| (.+) \|$", ASK, re.M)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row))
def test_each_makers_module_has_the_names_of_the_table_and_no_others(row):
    usual, apples = row
    usual = usual.strip("`")
    assert len(ROWS) == 4
    for module in (torch.accelerator, torch.cuda, torch.xpu):
        assert callable(getattr(module, usual))
    own = re.match(r"`(\w+)`", apples)
    if apples == "the same":
        assert callable(getattr(torch.mps, usual))
    else:
        assert not hasattr(torch.mps, usual)
        assert callable(getattr(torch.mps, own[1])) if own else apples == "none"


def test_a_summary_is_cudas_own():
    others = (torch.accelerator, torch.xpu, torch.mps)
    returned = inspect.signature(torch.cuda.memory_summary).return_annotation
    assert returned in (str, "str")  # it prints nothing itself
    assert not [one for one in others if hasattr(one, "memory_summary")]


def test_what_apples_driver_counts_is_more_than_what_torch_holds():
    words = " ".join(torch.mps.driver_allocated_memory.__doc__.split())
    assert "as well as allocations from MPS/MPSGraph frameworks" in words


@pytest.mark.parametrize(
    ("kind", "before"), [("Adam", 0), ("AdamW", 0), ("RMSprop", 0), ("Adagrad", 88)]
)
def test_most_optimizers_make_their_state_in_the_first_step(kind, before):
    optimizer = getattr(torch.optim, kind)(torch.nn.Linear(4, 4).parameters(), lr=0.1)
    state = [t for s in optimizer.state.values() for t in s.values()]
    assert sum(t.nbytes for t in state) == before


def test_a_checkpoint_draws_the_same_mask_unless_told_not_to():
    drop = torch.nn.Dropout(0.5)
    for keep in (True, False):
        x = torch.ones(1000, requires_grad=True)
        torch.manual_seed(0)
        y = checkpoint(drop, x, use_reentrant=False, preserve_rng_state=keep)
        y.sum().backward()
        assert torch.equal(y.detach(), x.grad) is keep


def test_parts_divide_by_what_the_mean_of_the_whole_divides_by():
    x, y = torch.randn(6, 3), torch.randn(6, 3)
    mse = torch.nn.functional.mse_loss
    parts = sum(mse(x[i : i + 2], y[i : i + 2], reduction="sum") for i in (0, 2, 4))
    torch.testing.assert_close(parts / x.numel(), mse(x, y))
    labels = torch.tensor([0, 1, -100, 2, -100, 0])
    entropy = torch.nn.functional.cross_entropy
    parts = sum(
        entropy(x[i : i + 2], labels[i : i + 2], reduction="sum") for i in (0, 2, 4)
    )
    torch.testing.assert_close(parts / (labels >= 0).sum(), entropy(x, labels))
    weight = torch.tensor([1.0, 2.0, 4.0])  # then it divides by 1 + 2 + 4 + 1
    whole = entropy(x, labels, weight, reduction="sum") / weight[[0, 1, 2, 0]].sum()
    torch.testing.assert_close(entropy(x, labels, weight), whole)


@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.bfloat16, torch.float64], ids=str
)
def test_a_cpu_saves_the_mask_of_dropout_in_the_dtype_of_its_input(dtype):
    x = torch.ones(1000, requires_grad=True, dtype=dtype)
    assert saved_by(lambda: nn.functional.dropout(x)) == dtype.itemsize * 1000


class Calls(TorchDispatchMode):
    """What is computed, by name."""

    def __init__(self):
        super().__init__()
        self.results = {}

    def __torch_dispatch__(self, call, types, args=(), kwargs=None):
        self.results[str(call)] = made = call(*args, **(kwargs or {}))
        return made


@pytest.mark.parametrize(
    ("kind", "one_byte"),
    [("cuda", True), ("xpu", True), ("mps", False), ("cpu", False)],
)
def test_the_mask_of_dropout_on_other_devices(kind, one_byte):
    """Of tensors without numbers; an AMD GPU is `cuda`, too."""
    with FakeTensorMode():
        x = torch.ones(1000, device=kind, dtype=torch.float64)
        with Calls() as calls:
            nn.functional.dropout(x)
    assert ("aten.native_dropout.default" in calls.results) == one_byte
    if one_byte:
        mask = calls.results["aten.native_dropout.default"][1]
        assert (mask.dtype, mask.nbytes) == (torch.bool, 1000)
    else:
        assert calls.results["aten.bernoulli_.float"].nbytes == 8000


def test_optimizers_say_that_foreach_needs_the_size_of_the_weights_more():
    for kind in (torch.optim.Adam, torch.optim.SGD, torch.optim.RMSprop):
        words = " ".join(kind.__doc__.split())
        assert "uses ~ sizeof(params) more peak memory than the for-loop" in words
        assert "over the for-loop implementation on CUDA" in words


@pytest.mark.parametrize("name", ["PYTORCH_ALLOC_CONF", "expandable_segments"])
def test_the_allocator_knows_the_variable_and_its_setting(name):
    header = Path(torch.__path__[0], "include/c10/cuda/CUDAAllocatorConfig.h")
    assert name in header.read_text(encoding="utf-8")


def test_the_peak_can_be_reset_for_a_gpu_of_any_maker():
    for module in (torch.accelerator, torch.cuda, torch.xpu):
        assert callable(module.reset_peak_memory_stats)
    assert not hasattr(torch.mps, "reset_peak_memory_stats")
    words = " ".join(torch.accelerator.max_memory_allocated.__doc__.split())
    assert "this returns the peak allocated memory since the beginning" in words
    assert "can be used to reset the starting point in tracking" in words


def test_emptying_the_cache_may_help_with_pieces():
    words = " ".join(torch.cuda.empty_cache.__doc__.split())
    assert "it may help reduce fragmentation of GPU memory in certain cases" in words


@pytest.mark.parametrize("training", [True, False])
def test_a_batch_norm_in_a_checkpoint_is_safe_in_evaluation(training):
    norm = nn.BatchNorm1d(2).train(training)
    y = checkpoint(norm, torch.randn(8, 2), use_reentrant=False)
    y.sum().backward()
    assert norm.num_batches_tracked == (2 if training else 0)


def test_a_snapshot_of_the_memory_is_for_the_viewer_that_the_page_names():
    memory = torch.cuda.memory
    words = " ".join(memory._dump_snapshot.__doc__.split())
    assert "snapshot viewer at pytorch.org/memory_viz" in words
    words = " ".join(memory._record_memory_history.__doc__.split())
    assert "stack traces associated with memory allocations" in words


def test_each_kept_loss_holds_five_tensors():
    assert "kept with loss         : 500" in printed("gpu/losses_keep_the_graph")
    model = nn.Sequential(nn.Linear(8, 4), nn.GELU(), nn.Linear(4, 1))
    found = []
    with torch.autograd.graph.saved_tensors_hooks(found.append, lambda t: t):
        model(torch.ones(2, 8)).square().mean()
    assert len(found) == 5  # input, into GELU, out of it, second weight, into square


def test_segments_expand_where_the_platform_supports_it():
    header = Path(torch.__path__[0], "include/c10/cuda/CUDAAllocatorConfig.h")
    assert "expandable_segments not supported on this platform" in header.read_text()


# empty_cache


def test_empty_cache_is_for_other_programs():
    words = " ".join(torch.cuda.empty_cache.__doc__.split())
    assert "Release all unoccupied cached memory" in words
    assert "doesn't increase the amount of GPU memory available for PyTorch" in words
    assert "may help reduce fragmentation" in words


def test_a_contrastive_loss_sees_only_one_part():
    torch.manual_seed(0)
    model, (x, y) = nn.Linear(3, 3), torch.randn(2, 8, 3)

    def gradient(parts, kind):
        model.zero_grad()
        for a, b in zip(x.chunk(parts), y.chunk(parts), strict=True):
            (kind(model(a), b) / parts).backward()
        return model.weight.grad.clone()

    def contrastive(a, b):  # each against all of its part
        return nn.functional.cross_entropy(a @ b.T, torch.arange(len(a)))

    for kind, same in ((nn.functional.mse_loss, True), (contrastive, False)):
        close = torch.allclose(gradient(1, kind), gradient(4, kind), atol=1e-6)
        assert close is same
