"""The entries about devices, where their sentences say more than their programs."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from harness.core.tree import HERE

X = torch.ones(4, 2)


def test_a_loader_gives_lists_of_pairs_and_tensors_of_one_tensor():
    pairs = TensorDataset(X, torch.ones(4))
    assert type(next(iter(DataLoader(pairs)))) is list
    assert type(next(iter(DataLoader(X)))) is torch.Tensor
    assert not hasattr([], "to")


def test_a_meta_tensor_knows_shape_and_type_but_has_no_numbers():
    one = torch.empty(2, 3, dtype=torch.float16, device="meta")
    assert (one.shape, one.dtype) == ((2, 3), torch.float16)
    with pytest.raises(RuntimeError):
        one.sum().item()


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (lambda: nn.Linear(2, 2, bias=False, device="meta"), X),
        (lambda: nn.Conv2d(1, 1, 1, device="meta"), torch.ones(1, 1, 2, 2)),
        (lambda: nn.Embedding(3, 2, device="meta"), torch.tensor([0])),
    ],
    ids=["no bias", "convolution", "embedding"],
)
def test_some_layers_on_meta_take_an_input_of_the_cpu_silently(layer, x):
    """So the device `meta` finds many mistakes, but not all."""
    assert layer()(x) is not None
    page = (HERE.docs / "gpu/index.md").read_text(encoding="utf-8")
    assert "finds many mistakes without one" in page and "but not all" in page
    entry = (HERE.docs / "errors/devices.md").read_text(encoding="utf-8")
    assert "you can find many such mistakes [without a GPU]" in entry


@pytest.mark.parametrize("layer", [nn.LSTM, nn.GRU, nn.RNN])
def test_recurrent_layers_say_it_in_other_words(layer):
    words = "Input and parameter tensors are not at the same device"
    with pytest.raises(RuntimeError, match=words):
        layer(2, 3, device="meta")(X)
    with pytest.raises(RuntimeError, match="is not on the expected device"):
        nn.Linear(2, 3, device="meta")(X)


def test_to_name_cuda_is_no_mistake_yet():
    assert str(torch.device("cuda")) == "cuda"
    nn.ReLU().to("cuda")  # it has no tensor to move


def test_numpy_takes_bfloat16_as_float_only():
    one = torch.ones(1, dtype=torch.bfloat16)
    with pytest.raises(TypeError, match="BFloat16"):
        one.detach().cpu().numpy()
    assert one.detach().cpu().float().numpy() == 1


@pytest.mark.parametrize("operator", ["+=", "-=", "*=", "/="])
def test_in_place_arithmetic_with_meta_changes_nothing(operator):
    x = torch.full((2, 2), 3.0)
    exec(f"x {operator} torch.ones(2, 2, device='meta')", {"x": x, "torch": torch})
    assert x.tolist() == [[3.0, 3.0], [3.0, 3.0]]


@pytest.mark.parametrize("operator", ["//=", "**=", "%="])
def test_other_in_place_arithmetic_with_meta_raises(operator):
    x = torch.ones(2, 2)
    with pytest.raises(RuntimeError, match="meta is not on|found on meta"):
        exec(f"x {operator} torch.ones(2, 2, device='meta')", {"x": x, "torch": torch})


def test_a_matrix_product_with_meta_has_numbers_that_nobody_computed():
    x, meta = torch.ones(2, 2), torch.ones(2, 2, device="meta")
    assert (x @ x).tolist() == [[2.0, 2.0], [2.0, 2.0]]
    made = x @ meta
    assert made.device.type == "cpu" and made.shape == (2, 2)
    assert made.tolist() != [[2.0, 2.0], [2.0, 2.0]]


@pytest.mark.parametrize("layer", [nn.LSTM, nn.GRU, nn.RNN])
def test_recurrent_layers_have_words_of_their_own(layer):
    with pytest.raises(RuntimeError, match="Input and parameter tensors are not at"):
        layer(2, 4).to("meta")(torch.ones(5, 1, 2))


def test_a_loader_gives_lists():
    pairs = [(torch.ones(2), torch.zeros(1))] * 2
    batch = next(iter(DataLoader(pairs, batch_size=2)))
    assert type(batch) is list and not hasattr(batch, "to")


@pytest.mark.skipif(torch.accelerator.is_available(), reason="a GPU would do it")
def test_pinning_a_tensor_raises_without_a_gpu():
    with pytest.raises(RuntimeError, match="Cannot access accelerator device when"):
        torch.ones(2).pin_memory()


def test_names_of_devices_are_in_small_letters():
    with pytest.raises(RuntimeError, match="at start of device string: CUDA"):
        torch.device("CUDA")
    assert torch.device("cuda:0").index == 0


def test_a_tensor_that_is_moved_without_an_assignment_stays():
    x = torch.ones(2)
    x.to("meta")
    assert x.device.type == "cpu"


def test_a_plain_attribute_is_not_in_the_state_and_does_not_move():
    model = nn.Linear(2, 1)
    model.mean = torch.ones(2)
    assert list(model.state_dict()) == ["weight", "bias"]
    model.to("meta")
    assert model.mean.device.type == "cpu" and model.weight.device.type == "meta"


def test_three_questions_work_on_every_build():
    assert torch.accelerator.is_available() in (True, False)
    assert torch.accelerator.device_count() >= 0
    torch.accelerator.current_accelerator()


@pytest.mark.skipif(
    torch.version.cuda is not None or torch.accelerator.is_available(),
    reason="this build answers",
)
@pytest.mark.parametrize("call", ["synchronize", "current_stream"])
def test_calls_about_a_device_raise_in_a_cpu_only_build(call):
    with pytest.raises(RuntimeError, match="Cannot access accelerator device when"):
        getattr(torch.accelerator, call)()


def test_the_test_for_plain_attributes_finds_them_and_no_buffers():
    model = nn.Sequential(nn.Linear(2, 1))
    model.register_buffer("scale", torch.ones(2))
    model.mean = model[0].inside = torch.ones(2)
    found = [
        n for m in model.modules() for n, t in vars(m).items() if torch.is_tensor(t)
    ]
    assert found == ["mean", "inside"]


def test_arrays_of_numpy_become_float64():
    assert torch.from_numpy(np.array([0.5])).dtype is torch.float64


def test_to_returns_the_same_tensor_where_it_is_already():
    assert X.to("cpu") is X and X.to("meta") is not X


def test_only_arrays_of_fractions_are_float64():
    assert np.array([0.5]).dtype == np.float64 and np.array([1]).dtype != np.float64


@pytest.mark.parametrize(("value", "seen"), [("5", [5]), ("-1", []), ("", [])])
def test_the_variable_hides_gpus_and_none_is_not_the_same_as_nothing(
    monkeypatch, value, seen
):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", value)
    assert torch.cuda._parse_visible_devices() == seen
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    assert len(torch.cuda._parse_visible_devices()) > 1  # all that there may be


def test_a_model_on_meta_moves_nowhere_before_it_has_numbers():
    model = nn.Linear(3, 1).to("meta")
    with pytest.raises(RuntimeError, match="Tensor on device meta is not on the expec"):
        model(torch.ones(2, 3))
    with pytest.raises(NotImplementedError, match="Cannot copy out of meta tensor"):
        model.to("cpu")


def test_the_weights_of_a_loss_and_a_plain_list_of_layers_stay_behind():
    loss = nn.CrossEntropyLoss(weight=torch.ones(2))
    with pytest.raises(RuntimeError, match="is not on the expected device"):
        loss(X[:, :2].to("meta"), torch.tensor([0, 1, 0, 1], device="meta"))
    moved = loss.to("meta")
    moved(X[:, :2].to("meta"), torch.tensor([0, 1, 0, 1], device="meta"))

    class Listed(nn.Module):
        def __init__(self, kind):
            super().__init__()
            self.layers = kind([nn.Linear(2, 1)])

    plain, kept = Listed(list).to("meta"), Listed(nn.ModuleList).to("meta")
    assert plain.layers[0].weight.device.type == "cpu"
    assert kept.layers[0].weight.device.type == "meta"
    assert not [
        n for m in plain.modules() for n, t in vars(m).items() if torch.is_tensor(t)
    ]
