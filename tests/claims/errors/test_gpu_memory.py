"""What the page of errors of GPU memory and precision claims beyond its programs."""

import inspect
import io
import multiprocessing
import pickle
import sys
import traceback
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader

from harness.core import snippet
from harness.core.tree import HERE

SNIPPETS = {one.name: one for one in snippet.find(HERE)}


def test_a_loader_with_pinned_memory_works_without_a_gpu():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        batches = list(DataLoader(torch.ones(4, 3), batch_size=2, pin_memory=True))
    if not torch.accelerator.is_available():
        assert not batches[0].is_pinned()
    assert [tuple(b.shape) for b in batches] == [(2, 3), (2, 3)]


def test_a_loader_for_an_apple_gpu_warns_unless_it_is_left_out(monkeypatch, capsys):
    mps = torch.device("mps")
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(
        torch.accelerator, "current_accelerator", lambda check_available=False: mps
    )
    with pytest.warns(UserWarning, match="not supported on MPS"):
        list(DataLoader(torch.ones(4, 3), batch_size=2, pin_memory=True))
    for name in ("loader_pins_with_a_gpu", "pinned_where_it_helps"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exec(SNIPPETS[f"errors/devices/{name}"].source, {})
    assert capsys.readouterr().out.count("True") == 3


def test_what_a_gpu_says_of_a_bad_index_is_an_accelerator_error():
    one = SNIPPETS["errors/devices/assert_on_the_gpu"]
    assert one.directives.raises == "torch.AcceleratorError"
    assert issubclass(torch.AcceleratorError, RuntimeError)
    assert issubclass(torch.OutOfMemoryError, RuntimeError)
    assert "AcceleratorError when" in Path(
        torch.__path__[0], "include/c10/util/Exception.h"
    ).read_text(encoding="utf-8")


def test_a_column_minus_a_row_is_all_pairs():
    prediction, y = torch.ones(2, 1), torch.ones(2)
    assert (prediction - y).shape == (2, 2)
    assert 2_000_000**2 * y.element_size() == 16000000000000


def test_equal_scores_for_three_classes_cost_the_logarithm_of_three():
    loss = F.cross_entropy(torch.zeros(2, 3), torch.tensor([0, 2]))
    assert loss.item() == pytest.approx(np.log(3))


def test_adding_a_meta_tensor_in_place_still_changes_nothing():
    x = torch.ones(2)
    x += torch.ones(2, device="meta")
    assert x.tolist() == [1, 1]  # stays wrong
    with pytest.raises(RuntimeError, match="is not on the expected device cpu"):
        x + torch.ones(2, device="meta")


def test_a_label_of_minus_100_is_ignored_and_other_negative_ones_are_not():
    default = inspect.signature(F.cross_entropy).parameters["ignore_index"].default
    assert default == -100
    scores = torch.zeros(2, 3)
    assert F.cross_entropy(scores, torch.tensor([-100, 0])).isfinite()
    for label in (-1, -99, 3):
        with pytest.raises(IndexError, match=f"Target {label} is out of bounds"):
            F.cross_entropy(scores, torch.tensor([label, 0]))


@pytest.mark.parametrize("steps", [1, 3])
def test_a_sum_of_losses_keeps_every_graph_alive(steps):
    w = torch.ones(1, requires_grad=True)
    total = sum(w.square().sum() for _ in range(steps))
    nodes, found = [total.grad_fn], []
    while nodes:
        node = nodes.pop()
        found.append(node.name())
        nodes += [after for after, _ in node.next_functions if after]
    assert found.count("PowBackward0") == steps


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (lambda: nn.Linear(2, 2, bias=False, device="meta"), torch.ones(1, 2)),
        (lambda: nn.Conv1d(1, 1, 1, device="meta"), torch.ones(1, 1, 2)),
        (lambda: nn.Conv2d(1, 1, 1, device="meta"), torch.ones(1, 1, 2, 2)),
    ],
    ids=["linear", "one dimension", "two dimensions"],
)
def test_a_layer_on_meta_still_answers_on_the_cpu(layer, x):
    model = layer()
    assert model(x).device.type == "cpu"
    assert any(p.is_meta for p in model.parameters())


def test_a_library_that_calls_numpy_raises_the_same():
    with pytest.raises(TypeError, match="can't convert meta device type tensor"):
        np.asarray(torch.ones(2, device="meta"))


@pytest.mark.parametrize(
    ("x", "shape"), [(torch.ones(2, 2), (2,)), (torch.ones(2), (2,))]
)
def test_a_vector_on_meta_is_not_multiplied(x, shape):
    with pytest.raises(RuntimeError, match="is not on the expected device cpu"):
        x @ torch.ones(*shape, device="meta")


def test_batches_of_matrices_end_on_meta_and_matrices_on_the_cpu():
    batches = torch.ones(3, 2, 2)
    assert (batches @ torch.ones(3, 2, 2, device="meta")).is_meta
    assert not (batches @ torch.ones(2, 2, device="meta")).is_meta


def test_buffers_on_meta_are_no_parameters():
    model = nn.BatchNorm1d(2, affine=False, device="meta")
    assert not any(p.is_meta for p in model.parameters())
    assert any(t.is_meta for t in [*model.parameters(), *model.buffers()])


@pytest.mark.parametrize("p", [[torch.inf, 1.0], [-1.0, 2.0]])
def test_multinomial_takes_no_infinity_and_nothing_below_0(p):
    with pytest.raises(RuntimeError, match="either `inf`, `nan` or element < 0"):
        torch.multinomial(torch.tensor(p), 1)


def test_torch_reads_both_names_of_the_variable():
    source = Path(torch.__file__).parent / "include/c10/core/AllocatorConfig.h"
    text = " ".join(source.read_text(encoding="utf-8").replace(" * ", " ").split())
    assert (
        "The primary environment variable for configuration is `PYTORCH_ALLOC" in text
    )
    assert "`PYTORCH_CUDA_ALLOC_CONF` is also supported" in text


def test_segments_expand_only_where_the_system_supports_it():
    header = Path(torch.__path__[0], "include/c10/cuda/CUDAAllocatorConfig.h")
    text = header.read_text(encoding="utf-8")
    assert "expandable_segments not supported on this platform" in text


def test_a_file_of_an_apple_gpu_says_something_else_than_one_of_cuda():
    said = {"cuda": "on a CUDA device", "xpu": "on a XPU device"}
    for device, words in (said | {"mps": "Storage device not recognized: mps"}).items():
        if torch.get_device_module(device).is_available():
            continue
        file = io.BytesIO()
        torch.save(torch.ones(2), file)
        file.seek(0)
        with pytest.raises(RuntimeError, match=words):
            torch.load(file, map_location=device)


def test_a_buffer_that_no_file_holds_stays_empty_after_to_empty():
    class Scaled(nn.Linear):
        def __init__(self):
            super().__init__(2, 1)
            self.register_buffer("scale", torch.ones(2), persistent=False)

    with torch.device("meta"):
        model = Scaled()
    model.to_empty(device="cpu")
    model.scale.fill_(torch.nan)  # what the memory held
    trained = Scaled()
    assert model.load_state_dict(trained.state_dict()) == ([], [])  # no complaint
    assert torch.equal(model.weight, trained.weight) and model.scale.isnan().all()


def test_a_pickle_of_cuda_takes_no_map_location(monkeypatch):
    if torch.cuda.is_available():
        pytest.skip("here the tensor would go to the GPU")
    with monkeypatch.context() as patched:
        patched.setattr("torch.serialization.location_tag", lambda storage: "cuda:0")
        file = pickle.dumps([torch.ones(2)])
    said = "on a CUDA device but torch.cuda.is_available\\(\\) is False"
    with pytest.raises(RuntimeError, match=said):
        pickle.loads(file)
    with pytest.raises(RuntimeError, match=said):
        torch.load(io.BytesIO(file), map_location="cpu", weights_only=False)


def test_a_mask_leaves_out_pixels_by_another_number():
    void = 255
    scores, y = torch.zeros(1, 3, 1, 2), torch.tensor([[[void, 1]]])
    with pytest.raises(IndexError, match=f"Target {void} is out of bounds"):
        F.cross_entropy(scores, y)
    assert F.cross_entropy(scores, y, ignore_index=void).isfinite()


def test_a_token_below_0_has_no_row_and_gather_takes_no_index_below_0():
    with pytest.raises(IndexError, match="index out of range in self"):
        nn.Embedding(10, 2)(torch.tensor([-1]))
    with pytest.raises(RuntimeError, match="index -1 is out of bounds"):
        torch.zeros(2, 3).gather(1, torch.tensor([[-1]]))


def test_other_products_print_the_text_of_all_pairs():
    n = 2_000_000
    column = torch.ones(n, 1)
    calls = (
        lambda: column @ column.T,
        lambda: torch.cdist(column, column),
        lambda: nn.Linear(n, n),
    )
    for call in calls:
        with pytest.raises(RuntimeError, match=f"llocate (memory|{4 * n * n})"):
            call()


class Forked(torch.utils.data.Dataset):
    """What a GPU does in a forked worker, without a GPU."""

    def __len__(self):
        return 2

    def __getitem__(self, index):
        torch.cuda._is_in_bad_fork = lambda: True
        return torch.ones(1, device="cuda")


def fails_in_a_fork(_=None):
    return Forked()[0]


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_the_traceback_tells_a_worker_from_a_process_of_your_own():
    loader = torch.utils.data.DataLoader(
        Forked(), num_workers=1, multiprocessing_context="fork"
    )
    said = []
    with pytest.raises(RuntimeError, match="in forked subprocess") as error:
        next(iter(loader))
    said.append("".join(traceback.format_exception(error.value)))
    with multiprocessing.get_context("fork").Pool(1) as pool:
        with pytest.raises(RuntimeError, match="in forked subprocess") as error:
            pool.apply(fails_in_a_fork)
    said.append("".join(traceback.format_exception(error.value)))
    assert ["in DataLoader worker process" in one for one in said] == [True, False]
