"""The pages of error texts: each was printed, each has a cure, none stands twice."""

import itertools
import mmap
import re
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader

from harness.core import page, snippet
from harness.core.directives import BUILDS
from harness.core.tree import HERE
from harness.site.tables import errors

PAGES = page.find(HERE)
ENTRIES = list(errors.entries(PAGES))
SNIPPETS = {one.name: one for one in snippet.find(HERE)}
entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.text[:50])


def failing(entry):
    shown = [SNIPPETS[name] for name in entry.snippets]
    return [s for s in shown if s.directives.raises or s.directives.warns]


def printed(one):
    files = (one.out, one.cuda_out, *map(one.own_out, BUILDS))
    return [file.read_text(encoding="utf-8") for file in files if file.exists()]


# The gate


@entry
def test_a_program_below_the_heading_printed_it(entry):
    outputs = [text for one in failing(entry) for text in printed(one)]
    if not outputs and all("cuda" in s.directives.needs for s in failing(entry)):
        return  # no GPU has run it yet, and the page says so
    wanted = ".*".join(re.escape(part.strip()) for part in entry.text.split("…"))
    assert [text for text in outputs if re.search(wanted, text)]


@entry
def test_an_entry_shows_a_program_that_fails_and_a_cure(entry):
    failed = {one.name for one in failing(entry)}
    typed = [
        fence
        for fence in entry.page.fences
        if fence.is_python and entry.line < fence.line < entry.end
    ]
    assert failed and (set(entry.snippets) - failed or typed)


def test_no_text_stands_twice():
    often = Counter(entry.text.casefold() for entry in ENTRIES)
    assert [text for text, count in often.items() if count > 1] == []


def test_a_heading_below_a_chapter_quotes_a_text_or_says_that_there_is_none():
    pages = [
        p for p in PAGES if p.name.startswith("errors/") and p.name != errors.INDEX
    ]
    heads = [line for p in pages for line in p.outside if line.startswith("### ")]
    odd = [head for head in heads if not errors.HEADING.fullmatch(head)]
    assert [head for head in odd if not head.startswith("### No error: ")] == []


def test_the_texts_that_no_gpu_printed_are_those_of_the_source():
    ours = [e for e in ENTRIES if e.page.name == "errors/devices.md"]
    unprinted = {e.text for e in ours if not any(map(printed, failing(e)))}
    python = Path(torch.cuda.__file__).read_text(encoding="utf-8")
    assert "Cannot re-initialize CUDA in forked subprocess." in python
    assert "Expected all tensors to be on the same device" in library("torch_cpu")
    assert " device type tensor to numpy. Use Tensor.cpu()" in library("torch_python")
    assert unprinted <= {
        "Cannot re-initialize CUDA in forked subprocess.",
        "Expected all tensors to be on the same device",
        "can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy "
        "the tensor to host memory first.",
        # In c10/cuda/CUDACachingAllocator.cpp, which the CPU build is without:
        "CUDA out of memory. Tried to allocate",
        # The words of CUDA's own library for its error 710:
        "CUDA error: device-side assert triggered",
    }


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU prints it by itself")
def test_a_forked_process_is_refused_before_a_gpu_is_asked(monkeypatch):
    monkeypatch.setattr(torch.cuda, "_is_in_bad_fork", lambda: True)
    with pytest.raises(RuntimeError, match="Cannot re-initialize CUDA in forked subp"):
        torch.cuda.synchronize()


class library:
    """A library of torch, to look for a text in without reading all of it at once."""

    def __init__(self, name):
        (self.path,) = Path(torch.__path__[0], "lib").glob(f"*{name}.*")

    def __contains__(self, text):
        with open(self.path, "rb") as file:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return data.find(text.encode()) >= 0


# Errors about tensors


def test_a_loader_stacks_its_samples():
    with pytest.raises(RuntimeError, match="stack expects each tensor to be equal"):
        next(iter(DataLoader([torch.ones(2), torch.ones(3)], batch_size=2)))


def test_nothing_is_sparse_where_permute_says_so():
    images = torch.ones(2, 4, 5, 3)
    assert not images.is_sparse
    with pytest.raises(RuntimeError, match="sparse_coo"):
        images.permute(2, 0, 1)
    ours = images.permute(0, 3, 1, 2).shape
    assert ours == images.numpy().transpose(0, 3, 1, 2).shape


def test_at_broadcasts_a_matrix_over_a_batch_as_numpy_does():
    x, y = torch.rand(2, 3), torch.rand(5, 3, 4)
    np.testing.assert_allclose(x @ y, x.numpy() @ y.numpy(), rtol=1e-5)


def test_einsum_of_the_agreeing_letter_is_a_product_with_the_transpose():
    x, y = torch.rand(2, 3), torch.rand(4, 3)
    expected = x.numpy() @ y.numpy().T
    np.testing.assert_allclose(torch.einsum("ij,kj->ik", x, y), expected, rtol=1e-5)


@pytest.mark.parametrize("ask", [bool, lambda x: x in [x.clone()], lambda x: x and x])
def test_a_question_about_many_is_ambiguous(ask):
    with pytest.raises(RuntimeError, match="more than one value is ambiguous"):
        ask(torch.ones(2))


def test_comparing_and_sorting_lists_of_tensors_asks_the_same_question():
    a, b = torch.ones(2), torch.zeros(2)
    with pytest.raises(RuntimeError, match="more than one value is ambiguous"):
        assert [a] == [b]
    with pytest.raises(RuntimeError, match="more than one value is ambiguous"):
        sorted([a, b])


@pytest.mark.parametrize("convert", [float, int])
def test_float_and_int_take_one_element(convert):
    with pytest.raises(ValueError, match="only one element tensors can be converted"):
        convert(torch.ones(2))


@pytest.mark.parametrize(
    ("name", "dtype"),
    [("Long", torch.int64), ("Half", torch.float16), ("Bool", torch.bool)],
)
def test_the_inner_names_of_types(name, dtype):
    assert torch.ones(1, dtype=dtype).type() == f"torch.{name}Tensor"


def test_only_the_making_of_a_uint8_is_checked():
    with pytest.raises(RuntimeError, match="without overflow"):
        torch.tensor([300], dtype=torch.uint8)
    pixel = torch.tensor([200], dtype=torch.uint8)
    light = torch.tensor([100], dtype=torch.uint8)
    assert (pixel + light).item() == (200 + 100) % 256 == 44


def test_a_float_of_2_to_the_63_loses_digits():
    assert torch.tensor([float(2**63)]).item() == 2**63
    assert torch.tensor([float(2**63 - 1)]).item() == 2**63


def test_floats_divided_by_zero_are_infinite_as_in_numpy():
    with np.errstate(all="ignore"):
        expected = np.array([6, -7, 0]) / 0
    np.testing.assert_array_equal(torch.tensor([6, -7, 0]) / 0, expected)


def test_the_pseudo_inverse_is_that_of_numpy():
    a = np.array([[1.0, 2.0], [2.0, 4.0]])
    expected = np.linalg.pinv(a)
    np.testing.assert_allclose(torch.linalg.pinv(torch.tensor(a)), expected, atol=1e-9)


def test_numpy_makes_objects_of_mixed_columns():
    assert np.array([1, None]).dtype == object
    with pytest.raises(TypeError, match="numpy.object_"):
        torch.from_numpy(np.array([1, None]))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda x: nn.ReLU()(x), "relu"),
        (lambda x: nn.LayerNorm(2)(x), "layer_norm"),
        (lambda x: nn.Linear(2, 1)(x.tolist()), "linear"),
    ],
)
def test_other_layers_say_the_same_of_what_is_no_tensor(call, name):
    match = re.escape(f"{name}(): argument 'input' (position 1) must be Tensor")
    with pytest.raises(TypeError, match=match):
        call(np.ones((1, 2)))


def test_a_convolution_says_it_in_other_words():
    words = re.escape(
        "conv2d() received an invalid combination of arguments - got (numpy"
    )
    with pytest.raises(TypeError, match=words):
        nn.Conv2d(1, 1, 1)(np.ones((1, 1, 1, 2)))


def test_the_warning_about_a_list_of_arrays_changes_no_number():
    rows = [np.zeros(2), np.ones(2)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        slow = torch.tensor(rows)
    assert torch.equal(slow, torch.tensor(np.array(rows)))


def test_reshape_keeps_the_order_and_does_not_swap_rows_and_columns():
    x = torch.tensor([[1, 2, 3], [4, 5, 6]])
    assert x.reshape(3, 2).flatten().tolist() == x.flatten().tolist()
    assert x.reshape(3, 2).tolist() == [[1, 2], [3, 4], [5, 6]]  # stays wrong
    assert x.T.tolist() == x.numpy().T.tolist() == [[1, 4], [2, 5], [3, 6]]


# Errors about gradients


def tracked(*values):
    return torch.tensor(values, requires_grad=True)


@pytest.mark.parametrize(
    "cut",
    [lambda w: (w > 1).float().mean(), lambda w: w.argmax(), lambda w: w.detach()],
)
def test_what_has_no_slope_cuts_the_graph(cut):
    assert cut(tracked(1.0, 2.0)).grad_fn is None


def test_one_factor_may_be_left_out_for_a_single_number():
    w = torch.tensor(1.0, requires_grad=True)
    with pytest.raises(RuntimeError, match="Mismatch in shape"):
        (w * 2).backward(torch.ones(1))
    (w * 2).backward()
    assert w.grad.item() == 2


def test_a_step_between_two_backward_is_a_write_in_place():
    first, second = nn.Linear(2, 2), nn.Linear(2, 1)
    optimizer = torch.optim.SGD(second.parameters(), lr=0.1)
    loss = second(first(torch.ones(1, 2))).sum()
    loss.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_two_backward_before_the_step_are_fine():
    first, second = nn.Linear(2, 2), nn.Linear(2, 1)
    optimizer = torch.optim.SGD(second.parameters(), lr=0.1)
    loss = second(first(torch.ones(1, 2))).sum()
    loss.backward(retain_graph=True)
    loss.backward()
    optimizer.step()


@pytest.mark.parametrize("cut", ["unbind", "chunk", "split"])
def test_one_of_several_views_must_not_be_written(cut):
    arguments = {"unbind": (), "chunk": (2,), "split": (1,)}[cut]
    first, *_ = getattr(tracked(1.0, 2.0) * 1, cut)(*arguments)
    with pytest.raises(RuntimeError, match="is a view and is being modified inplace"):
        first += 1


@pytest.mark.filterwarnings("ignore:The .grad attribute")
@pytest.mark.parametrize("change", [lambda w: w * 0.5, lambda w: w.to(torch.float64)])
def test_a_changed_weight_is_a_result_and_gets_no_grad(change):
    w = change(tracked(1.0))
    w.sum().backward()
    assert not w.is_leaf and w.grad is None


def test_zero_grad_copes_with_a_weight_without_a_gradient():
    w = tracked(1.0)
    torch.optim.SGD([w], lr=0.1).zero_grad()
    assert w.grad is None


def test_the_second_derivative_of_a_cube():
    w = torch.tensor(2.0, requires_grad=True)
    (slope,) = torch.autograd.grad(w**3, w, create_graph=True)
    slope.backward()
    assert slope.item() == 3 * 2**2 and w.grad.item() == 6 * 2


def test_item_and_detach_do_not_warn():
    loss = tracked(4.0).sum()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert loss.item() == float(loss.detach()) == 4


def test_without_anomaly_mode_nan_appears_in_the_gradient():
    w = torch.tensor(0.0, requires_grad=True)
    (w.sqrt() * 0).backward()
    assert w.grad.isnan()


def test_data_still_hides_a_change_from_autograd():
    w = torch.tensor(3.0, requires_grad=True)
    loss = w**2
    w.data += 1
    loss.backward()
    assert loss.item() == 3**2 and w.grad.item() == 2 * 4 != 2 * 3  # stays wrong


# Errors about devices


@pytest.mark.parametrize("layer", [nn.LSTM, nn.GRU, nn.RNN])
def test_recurrent_layers_have_words_of_their_own(layer):
    with pytest.raises(RuntimeError, match="Input and parameter tensors are not at"):
        layer(2, 4).to("meta")(torch.ones(5, 1, 2))


def test_a_loader_gives_lists():
    pairs = [(torch.ones(2), torch.zeros(1))] * 2
    batch = next(iter(DataLoader(pairs, batch_size=2)))
    assert type(batch) is list and not hasattr(batch, "to")


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
    assert "AcceleratorError when" in Path(
        torch.__path__[0], "include/c10/util/Exception.h"
    ).read_text(encoding="utf-8")


@pytest.mark.skipif(torch.accelerator.is_available(), reason="a GPU would do it")
def test_pinning_a_tensor_raises_without_a_gpu():
    with pytest.raises(RuntimeError, match="Cannot access accelerator device when"):
        torch.ones(2).pin_memory()


def test_names_of_devices_are_in_small_letters():
    with pytest.raises(RuntimeError, match="at start of device string: CUDA"):
        torch.device("CUDA")
    assert torch.device("cuda:0").index == 0


def test_a_column_minus_a_row_is_all_pairs():
    prediction, y = torch.ones(2, 1), torch.ones(2)
    assert (prediction - y).shape == (2, 2)
    assert 2_000_000**2 * y.element_size() == 16000000000000


def test_equal_scores_for_three_classes_cost_the_logarithm_of_three():
    loss = F.cross_entropy(torch.zeros(2, 3), torch.tensor([0, 2]))
    assert loss.item() == pytest.approx(np.log(3))


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU would scale")
@pytest.mark.filterwarnings("ignore:torch.cuda.amp.GradScaler is enabled")
def test_a_scaler_without_a_gpu_changes_nothing():
    scaler = torch.amp.GradScaler("cuda")
    assert scaler.scale(torch.tensor(3.0)).item() == 3


def test_adding_a_meta_tensor_in_place_still_changes_nothing():
    x = torch.ones(2)
    x += torch.ones(2, device="meta")
    assert x.tolist() == [1, 1]  # stays wrong
    with pytest.raises(RuntimeError, match="is not on the expected device cpu"):
        x + torch.ones(2, device="meta")


def test_a_tensor_that_is_moved_without_an_assignment_stays():
    x = torch.ones(2)
    x.to("meta")
    assert x.device.type == "cpu"


# The index


def test_the_five_pages_do_not_share_an_anchor_on_one_page():
    for _, group in itertools.groupby(ENTRIES, key=lambda e: e.page.name):
        anchors = [entry.anchor for entry in group]
        assert len(anchors) == len(set(anchors))
