"""The claims of docs/gpu: on whatever device there is, and on meta beside it."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from harness.core.tree import HERE
from tests.claims_support import program

HAS_ACCELERATOR = torch.accelerator.is_available()
without_accelerator = pytest.mark.skipif(
    HAS_ACCELERATOR, reason="says what happens where there is no accelerator"
)


@pytest.fixture
def device():
    return torch.accelerator.current_accelerator(check_available=True) or torch.device(
        "cpu"
    )


def descend(model, x, y, rounds):
    """The losses of a training by hand-written loop, lr 0.25."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    losses = []
    for _ in range(rounds):
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


# Train on any device


def test_training_on_the_device_follows_the_formula(device):
    torch.manual_seed(0)
    model = nn.Linear(1, 1)
    w, b = model.weight.item(), model.bias.item()
    x = torch.tensor([[-1.0], [1.0]])
    y = 2 * x + 1
    losses = descend(model.to(device), x.to(device), y.to(device), rounds=5)
    # this loss is (w - 2)^2 + (b - 1)^2, and each step halves both distances
    first = (w - 2) ** 2 + (b - 1) ** 2
    np.testing.assert_allclose(losses, first / 4.0 ** np.arange(5), rtol=1e-4)


def test_the_printed_losses_are_far_from_a_rounding_tie():
    torch.manual_seed(0)
    x = torch.tensor([[-1.0], [1.0]])
    for loss in descend(nn.Linear(1, 1), x, 2 * x + 1, rounds=5):
        assert f"{loss * (1 - 1e-5):.3f}" == f"{loss * (1 + 1e-5):.3f}"


def test_weights_start_equal_when_made_on_the_cpu_and_moved(device):
    torch.manual_seed(0)
    here = nn.Linear(3, 2)
    torch.manual_seed(0)
    moved = nn.Linear(3, 2).to(device)
    assert torch.equal(here.weight, moved.weight.cpu())


def test_an_optimizer_made_before_a_move_to_meta_keeps_the_old_weights():
    model = nn.Linear(3, 1)
    before = torch.optim.SGD(model.parameters(), lr=0.1)
    model.to("meta")
    after = torch.optim.SGD(model.parameters(), lr=0.1)
    assert before.param_groups[0]["params"][0].device.type == "cpu"
    assert after.param_groups[0]["params"][0] is model.weight


def test_results_loss_and_gradients_are_where_the_inputs_are():
    model, x = nn.Linear(3, 1).to("meta"), torch.ones(2, 3, device="meta")
    y = model(x)
    loss = y.mean()
    loss.backward()
    assert {t.device.type for t in (y, loss, model.weight.grad)} == {"meta"}


def test_three_statements_of_the_first_program_move_something():
    assert program("gpu/train_on_any_device").count(".to(device)") == 3


# Choose the device


@without_accelerator
def test_the_line_takes_the_cpu_without_an_accelerator(device):
    assert device == torch.device("cpu")


def test_check_available_turns_an_absent_accelerator_into_none(monkeypatch):
    built_for = torch.device("cuda")
    monkeypatch.setattr(torch._C, "_accelerator_getAccelerator", lambda: built_for)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    current = torch.accelerator.current_accelerator
    assert current() == built_for
    assert current(check_available=True) is None
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert current(check_available=True) == built_for


def test_a_device_without_a_number_differs_from_one_with():
    bare, first = torch.device("cuda"), torch.device("cuda:0")
    assert (bare.index, first.index) == (None, 0)
    assert bare != first and bare.type == first.type


def test_a_tensor_and_the_chosen_device_have_the_same_type(device):
    assert torch.ones(2, device=device).device.type == device.type


def names_in_the_error():
    with pytest.raises(RuntimeError, match="at start of device string: foo") as error:
        torch.device("foo")
    text = str(error.value)
    return text.partition("one of ")[2].partition(" device type")[0].split(", ")


def test_the_error_lists_the_names_of_the_table():
    assert {"cpu", "cuda", "xpu", "mps", "meta"} <= set(names_in_the_error())


@pytest.mark.filterwarnings("ignore:'mkldnn' is no longer used")
def test_every_name_in_the_error_is_accepted_as_a_device():
    names = names_in_the_error()
    assert [torch.device(name).type for name in names] == names


@pytest.mark.parametrize("name", ["cuda", "xpu", "mps"])
def test_knowing_a_name_is_not_having_the_device(name):
    torch.device(name)
    if torch.get_device_module(name).is_available():
        pytest.skip(f"this machine has {name}")
    with pytest.raises((RuntimeError, AssertionError, NotImplementedError)):
        torch.ones(1, device=name)


@pytest.mark.parametrize(
    ("said", "by"),
    [
        ("utilize\nGPUs", torch.cuda),
        ("Metal is Apple's API", torch.mps),
        ("Intel GPU", torch.xpu),
        ("index of the returned :class:`torch.device` will be ``None``",
         torch.accelerator.current_accelerator),
        ("memory occupied by tensors", torch.accelerator.memory_allocated),
    ],
)  # fmt: skip
def test_what_no_gpu_has_shown_here_is_what_torch_says_of_itself(said, by):
    assert said in by.__doc__


@pytest.mark.parametrize(("value", "seen"), [("1", [1]), ("1,0", [1, 0]), ("", [])])
def test_the_variable_says_which_gpus_are_seen(value, seen, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", value)
    assert torch.cuda._parse_visible_devices() == seen


# Move the model and the data


def test_a_model_moves_in_place():
    model = nn.Linear(3, 1)
    assert model.to("meta") is model
    assert {p.device.type for p in model.parameters()} == {"meta"}


def test_a_tensor_stays_and_to_returns_another():
    x = torch.ones(2)
    moved = x.to("meta")
    assert (x.device.type, moved.device.type) == ("cpu", "meta")


def test_to_copies_nothing_where_the_tensor_is_already(device):
    x = torch.ones(2, device=device)
    assert x.to(x.device) is x


def test_with_a_device_everything_new_is_made_there():
    with torch.device("meta"):
        made = [torch.tensor([1.0]), torch.zeros(2), torch.arange(3)]
        made += nn.Linear(3, 1).parameters()
    assert {t.device.type for t in made} == {"meta"}
    assert torch.zeros(2).device.type == "cpu"


def test_like_follows_the_tensor_that_it_is_like():
    like = [torch.zeros_like, torch.ones_like, torch.empty_like]
    x = torch.zeros(2, device="meta")
    assert all(make(x).device == x.device for make in like)


# Bring results back


def test_results_come_back_as_numpy_computes_them(device):
    x = np.array([1.0, 2.0, 3.0], dtype=np.float32)
    y = torch.from_numpy(x).to(device) * 2
    np.testing.assert_array_equal(y.cpu().numpy(), x * 2)
    assert y.tolist() == (x * 2).tolist()
    assert y.sum().item() == (x * 2).sum()
    assert type(y.sum().item()) is float


def test_a_prediction_carries_the_graph_so_numpy_needs_detach(device):
    y = nn.Linear(3, 1).to(device)(torch.ones(2, 3, device=device))
    with pytest.raises(RuntimeError, match="requires grad"):
        y.cpu().numpy()
    assert y.detach().cpu().numpy().shape == (2, 1)


def test_numpy_refuses_what_is_not_in_cpu_memory():
    with pytest.raises(TypeError, match="can't convert meta device type tensor to num"):
        torch.ones(3, device="meta").numpy()


def test_a_copy_can_run_while_python_goes_on_if_its_memory_is_pinned():
    words = " ".join(torch.Tensor.cuda.__doc__.split())
    said = "If ``True`` and the source is in pinned memory, the copy will be asynchr"
    assert said in words
    assert torch.ones(2).to("cpu", non_blocking=True).tolist() == [1, 1]


@pytest.mark.parametrize("dtype", [torch.float64, torch.int8])
def test_an_array_of_a_tensor_on_the_cpu_shares_its_memory(dtype):
    x = torch.ones(2, dtype=dtype)
    x.detach().cpu().numpy()[0] = 9
    assert x.tolist() == [9, 1]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float8_e4m3fn])
def test_numpy_lacks_some_dtypes_that_float_converts(dtype):
    x = torch.ones(2).to(dtype)
    with pytest.raises(TypeError, match="unsupported ScalarType"):
        x.numpy()
    assert x.float().numpy().tolist() == [1, 1]


# Check that the GPU is used


def test_bytes_held_are_those_of_the_weights(device):
    model = nn.Linear(16, 64, bias=False)
    assert model.weight.nbytes == 16 * 64 * 4
    if torch.accelerator.is_available():
        before = torch.accelerator.memory_allocated()
        model.to(device)
        assert torch.accelerator.memory_allocated() - before == model.weight.nbytes


@without_accelerator
@pytest.mark.parametrize("name", ["memory_allocated", "synchronize", "empty_cache"])
def test_accelerator_calls_raise_without_an_accelerator(name):
    with pytest.raises(RuntimeError, match="Cannot access accelerator device when no"):
        getattr(torch.accelerator, name)()


@without_accelerator
def test_questions_about_an_accelerator_are_answered_without_one():
    ask = torch.accelerator
    assert (ask.is_available(), ask.device_count()) == (False, 0)
    assert ask.current_accelerator() is None  # this build is for the CPU


def test_the_allocator_of_apple_gpus_answers_for_the_accelerator_since_this_torch():
    header = Path(torch.__path__[0], "include/ATen/mps/MPSAllocatorInterface.h")
    assert "class IMPSAllocator : public c10::DeviceAllocator" in header.read_text()
    assert torch.__version__ >= "2.13"
    page = (HERE.docs / "gpu/index.md").read_text(encoding="utf-8")
    assert "On an Apple GPU this needs torch 2.13" in page


@without_accelerator
@pytest.mark.skipif(bool(torch.version.cuda), reason="says what a CPU-only build does")
def test_a_cpu_only_build_answers_the_first_three_calls_and_no_other():
    text = (HERE.snippets / "gpu/calls_that_raise.out").read_text().splitlines()
    assert [row.endswith("raises") for row in text] == [False] * 3 + [True] * 6
    assert len(text) == 9


def test_a_cuda_build_without_a_gpu_answers_what_a_cpu_only_build_refuses():
    text = (HERE.snippets / "gpu/calls_that_raise.cuda-build.out").read_text()
    answers = dict(line.split(maxsplit=1) for line in text.splitlines())
    assert answers["is_available"] == "False" and answers["device_count"] == "0"
    assert answers["current_accelerator"] == "cuda"
    assert answers["memory_allocated"] == answers["max_memory_allocated"] == "0"
    assert answers["synchronize"] == answers["get_memory_info"] == "raises"
    text = (HERE.snippets / "gpu/no_accelerator.cuda-build.out").read_text()
    assert text == "0\n0\n"


@without_accelerator
def test_only_a_rocm_build_has_a_version_of_hip():
    assert torch.version.hip is None
    with pytest.raises(RuntimeError, match="at start of device string: rocm"):
        torch.device("rocm")


@without_accelerator
def test_cuda_answers_zero_without_an_accelerator():
    assert torch.cuda.memory_allocated() == 0


# Pitfalls


@pytest.mark.parametrize("model_on, x_on", [("meta", "cpu"), ("cpu", "meta")])
def test_a_layer_refuses_inputs_from_another_device(model_on, x_on):
    model, x = nn.Linear(3, 1).to(model_on), torch.ones(2, 3, device=x_on)
    with pytest.raises(RuntimeError, match="is not on the expected device"):
        model(x)


def test_meta_lets_a_bare_matrix_product_pass():
    a, b = torch.ones(2, 3, device="meta"), torch.ones(3, 2)
    assert (a @ b).device.type == "meta"


def test_a_plain_attribute_stays_and_a_buffer_moves_untrained():
    model = nn.Module()
    model.register_buffer("buffer", torch.ones(3))
    model.plain = torch.ones(3)
    model.to("meta")
    assert (model.buffer.device.type, model.plain.device.type) == ("meta", "cpu")
    assert list(model.parameters()) == []


def test_a_model_on_meta_costs_no_memory():
    model = nn.Linear(10**6, 10**6, device="meta")  # 4 TB anywhere else
    assert model.weight.shape == (10**6, 10**6)


def test_what_is_on_meta_cannot_be_copied_out():
    with pytest.raises(NotImplementedError, match="Cannot copy out of meta tensor"):
        nn.Linear(3, 1, device="meta").to("cpu")
    with pytest.raises(NotImplementedError, match="Cannot copy out of meta tensor"):
        torch.ones(2, device="meta").cpu()


def test_to_empty_then_loaded_weights_compute_the_formula(device):
    model = nn.Linear(3, 1, device="meta").to_empty(device=device)
    weight, bias = np.array([[1.0, 2.0, 3.0]]), np.array([0.5])
    model.load_state_dict(
        {"weight": torch.from_numpy(weight), "bias": torch.from_numpy(bias)}
    )
    x = np.array([[1.0, 1.0, 1.0], [0.0, 2.0, 4.0]])
    y = model(torch.tensor(x, dtype=torch.float32, device=device))
    np.testing.assert_array_equal(y.tolist(), x @ weight.T + bias)


def test_a_loss_on_meta_has_no_number_to_give():
    with pytest.raises(RuntimeError, match="cannot be called on meta tensors"):
        torch.ones((), device="meta").item()
