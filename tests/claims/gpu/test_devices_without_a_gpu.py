"""The claims of docs/gpu/devices-without-a-gpu.md: meta beside the CPU."""

import pytest
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from tests.claims_support import printed


def flops(run):
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


def test_a_step_on_meta_has_the_shapes_of_a_step_anywhere():
    shapes = []
    for device in ("meta", "cpu"):
        model = nn.Linear(3, 2, device=device)
        y = model(torch.ones(5, 3, device=device))
        y.mean().backward()
        shapes.append((y.shape, y.dtype, model.weight.grad.shape))
    assert shapes[0] == shapes[1]


def test_a_mistake_in_a_shape_shows_on_meta():
    with pytest.raises(RuntimeError, match="must have same reduction dim"):
        nn.Linear(3, 2, device="meta")(torch.ones(5, 4, device="meta"))


def test_a_model_loses_its_numbers_on_meta():
    model = nn.Linear(2, 1).to("meta")
    with pytest.raises(NotImplementedError, match="no data"):
        model.to("cpu")


def test_a_registered_tensor_is_not_left_behind():
    model = nn.Linear(3, 3)
    model.register_buffer("shift", torch.zeros(3))
    model.to("meta")
    left = [v for v in vars(model).values() if isinstance(v, torch.Tensor)]
    assert model.shift.is_meta and not left


def test_a_tensor_in_a_list_stays_behind_and_is_not_found():
    model = nn.Linear(3, 3)
    model.kept = [torch.zeros(3)]
    model.to("meta")
    assert not model.kept[0].is_meta
    assert not [v for v in vars(model).values() if isinstance(v, torch.Tensor)]


def test_meta_lets_a_product_and_an_addition_in_place_pass():
    there, here = torch.ones(2, 3, device="meta"), torch.ones(3, 2)
    assert (there @ here).is_meta
    here.add_(there.T)
    assert torch.equal(here, torch.ones(3, 2))  # still wrong: nothing was added
    with pytest.raises(RuntimeError, match="is not on the expected device"):
        there + here.T


@pytest.mark.parametrize(
    "layer, size",
    [
        (lambda: nn.Conv1d(3, 2, 3, device="meta"), (1, 3, 5)),
        (lambda: nn.Conv3d(3, 2, 1, device="meta"), (1, 3, 2, 2, 2)),
        (lambda: nn.Linear(3, 2, bias=False, device="meta"), (4, 3)),
    ],
    ids=["Conv1d", "Conv3d", "no bias"],
)
def test_on_meta_some_layers_take_an_input_from_the_cpu(layer, size):
    layer()(torch.ones(size))
    with pytest.raises(RuntimeError, match="is not on the expected device"):
        nn.Linear(3, 2, device="meta")(torch.ones(4, 3))


@pytest.mark.parametrize("stride", [1, 2])
def test_the_work_of_a_convolution_is_that_of_the_formula(stride):
    x = torch.ones(8, 3, 32, 32, device="meta")
    layer = nn.Conv2d(3, 64, 3, padding=1, stride=stride, device="meta")
    side = 32 // stride
    by_hand = 2 * 8 * side * side * 64 * 3 * 3 * 3
    assert flops(lambda: layer(x)) == by_hand
    assert sum(p.numel() for p in layer.parameters()) == 64 * 3 * 3 * 3 + 64


def test_the_work_is_the_same_on_meta_and_on_the_cpu():
    counts = []
    for device in ("meta", "cpu"):
        model = nn.Sequential(nn.Linear(8, 16), nn.Linear(16, 4)).to(device)
        x = torch.ones(2, 8, device=device)
        counts.append(flops(lambda m=model, x=x: m(x).sum().backward()))
    assert counts[0] == counts[1]


def test_pooling_counts_nothing_and_attention_counts():
    x = torch.ones(1, 1, 4, 8, device="meta")
    assert flops(lambda: nn.MaxPool2d(2)(x)) == 0
    attention = flops(lambda: F.scaled_dot_product_attention(x, x, x))
    assert attention == 2 * (2 * 4 * 4 * 8)  # queries by keys, then by values


@pytest.mark.parametrize(("needs", "factor"), [(True, 2), (False, 1)])
def test_backward_is_one_product_for_each_gradient_that_is_needed(needs, factor):
    model = nn.Linear(32, 32, device="meta")
    x = torch.ones(4, 32, device="meta", requires_grad=needs)
    y = model(x)
    assert flops(lambda: y.sum().backward()) == factor * 2 * 4 * 32 * 32


def test_most_weights_and_most_work_are_in_different_layers():
    conv = nn.Conv2d(64, 128, 3, padding=1, device="meta")
    linear = nn.Linear(128 * 16 * 16, 10, device="meta")
    x = torch.ones(8, 64, 16, 16, device="meta")
    assert conv.weight.numel() < linear.weight.numel()
    work = flops(lambda: linear(torch.ones(8, 128 * 16 * 16, device="meta")))
    assert flops(lambda: conv(x)) > 50 * work


@pytest.mark.parametrize(
    "run",
    [
        lambda there, here: torch.cat([there, here.T]),
        lambda there, here: F.linear(here.T, there),
        lambda there, here: torch.where(there > 0, here.T, there),
        lambda there, here: F.cross_entropy(there, torch.tensor([0, 0])),
    ],
    ids=["cat", "linear", "where", "loss"],
)
def test_fake_tensors_on_cuda_are_refused_beside_others_by_more_operations(run):
    with FakeTensorMode():
        there, here = torch.ones(2, 3, device="cuda"), torch.ones(3, 2)
        assert (there * 2).device == torch.device("cuda:0")
        with pytest.raises(
            RuntimeError, match="Expected all tensors to be on the same"
        ):
            run(there, here)


def test_meta_would_pass_what_fake_tensors_refuse():
    there, here = torch.ones(2, 3, device="meta"), torch.ones(3, 2)
    assert (there @ here).is_meta
    assert "a @ b     raises: Expected" in printed("gpu/fake_gpu_catches_it")


def test_a_convolution_of_fake_tensors_on_two_devices_passes():
    with FakeTensorMode():
        there, here = torch.ones(1, 3, 5, device="cuda"), torch.ones(2, 3, 3)
        assert F.conv1d(there, here).device.type == "cuda"


@pytest.mark.skipif(bool(torch.version.cuda), reason="says what a CPU-only build does")
def test_a_cpu_only_build_makes_fake_tensors_on_cuda_and_moves_none():
    with FakeTensorMode():
        assert torch.tensor([1.0, 2.0], device="cuda").relu().is_cuda
        with pytest.raises(RuntimeError, match="not linked with support"):
            torch.ones(2).to("cuda")
        with pytest.raises(RuntimeError, match="not linked with support"):
            torch.ones(3, device="cuda")[torch.tensor([0, 2])]


@pytest.mark.skipif(bool(torch.version.cuda), reason="says what a CPU-only build does")
def test_a_cpu_only_build_makes_no_fake_tensor_on_cuda_that_needs_a_gradient():
    with FakeTensorMode(), pytest.raises(RuntimeError, match="not linked with support"):
        nn.Linear(2, 1, device="cuda")


@pytest.mark.parametrize("layer", [nn.Embedding(4, 2), nn.LSTM(2, 3), nn.Softmax(-1)])
def test_what_has_no_formula_counts_as_zero_and_products_inside_a_layer_count(layer):
    layer = layer.to("meta")
    dtype = torch.int64 if isinstance(layer, nn.Embedding) else torch.float32
    x = torch.ones(5, 2, device="meta", dtype=dtype)
    work = flops(lambda: layer(x))
    by_hand = 5 * 2 * (4 * 3) * (2 + 3) if isinstance(layer, nn.LSTM) else 0
    assert work == by_hand


@pytest.mark.parametrize(
    "run",
    [
        torch.nonzero,
        torch.unique,
        lambda x: x[x > 0],
        lambda x: x.masked_select(x > 0),
    ],
    ids=["nonzero", "unique", "x[x > 0]", "masked_select"],
)
def test_meta_refuses_a_result_with_a_shape_that_depends_on_the_numbers(run):
    x = torch.ones(3)
    assert run(x) is not None
    with pytest.raises(NotImplementedError):
        run(x.to("meta"))
    assert x.to("meta").sort().values.shape == (3,)  # this shape is known


@pytest.mark.parametrize(
    "run",
    [
        lambda x: nn.ConvTranspose2d(3, 4, 3, device=x.device)(x),
        lambda x: x[0, 0] @ x[0, 0].double(),
        lambda x: x.index_select(0, torch.zeros(1, 1, dtype=torch.long).to(x.device)),
    ],
    ids=["channels", "dtypes", "index"],
)
def test_meta_lets_some_mistakes_pass_that_a_cpu_refuses(run):
    x = torch.ones(1, 4, 5, 5)
    run(x.to("meta"))
    with pytest.raises((RuntimeError, IndexError)):
        run(x)


@pytest.mark.parametrize(
    "run",
    [
        lambda x: torch.equal(x, x),
        lambda x: torch.allclose(x, x),
        lambda x: bool(x.sum() > 0),
        lambda x: x.sum().item(),
        lambda x: torch.linalg.lstsq(x, x).solution,
    ],
    ids=["equal", "allclose", "bool", "item", "lstsq"],
)
def test_meta_refuses_what_needs_a_number_or_has_no_code(run):
    run(torch.eye(2))
    with pytest.raises((RuntimeError, NotImplementedError)):
        run(torch.eye(2, device="meta"))


def test_a_matrix_times_a_vector_counts_as_zero_and_a_cpu_has_no_formula_for_more():
    x = torch.ones(2, 3, 4, 8)
    attention = torch.nn.functional.scaled_dot_product_attention
    assert flops(lambda: x[0, 0] @ x[0, 0, 0]) == 0
    assert flops(lambda: attention(x, x, x)) == 0
    on_meta = x.to("meta")
    assert flops(lambda: attention(on_meta, on_meta, on_meta)) == 2 * 2 * 6 * 4 * 4 * 8


def test_a_buffer_that_does_not_persist_is_in_no_state_dict():
    model = nn.Linear(2, 1, bias=False)
    model.register_buffer("here", torch.ones(2), persistent=False)
    assert list(model.state_dict()) == ["weight"]


def test_a_convolution_can_get_by_with_fewer_operations_than_are_counted():
    """Winograd's F(2, 3): 4 multiplications for 2 outputs of a filter of 3."""
    torch.manual_seed(0)
    x, w = torch.randn(4, dtype=torch.float64), torch.randn(3, dtype=torch.float64)
    even, odd = (w.sum() / 2, (w[0] - w[1] + w[2]) / 2)  # once for a filter
    inputs = torch.stack([x[0] - x[2], x[1] + x[2], x[2] - x[1], x[1] - x[3]])
    products = inputs * torch.stack([w[0], even, odd, w[2]])
    a, b, c, d = products
    found = torch.stack([a + b + c, b - c - d])
    torch.testing.assert_close(found, F.conv1d(x[None, None], w[None, None])[0, 0])
    counted = flops(lambda: F.conv1d(x[None, None], w[None, None]))
    assert products.numel() < counted / 2 == 6  # half of them are multiplications


@pytest.mark.parametrize("groups", [1, 4, 32])
def test_the_backward_pass_of_a_grouped_convolution_is_counted_too_high(groups):
    with torch.device("meta"):
        layer = nn.Conv2d(32, 32, 3, groups=groups)
        x = torch.ones(1, 32, 8, 8, requires_grad=True)
    once = flops(lambda: layer(x))
    assert once == 2 * 36 * 32 * (32 // groups) * 9
    y = layer(x).sum()
    assert flops(y.backward) / once == 1 + groups  # twice would be right


def test_a_linear_layer_works_once_for_each_row_of_its_input():
    layer = nn.Linear(3, 2, device="meta")
    x = torch.ones(5, 7, 3, device="meta")  # (batch, tokens, features)
    assert flops(lambda: layer(x)) == 2 * 6 * 35


def test_to_empty_makes_two_weights_of_a_shared_one():
    with torch.device("meta"):
        model = nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 5, bias=False))
        model[1].weight = model[0].weight
    assert len(list(model.parameters())) == 1
    model.to_empty(device="cpu")
    model.load_state_dict({f"{i}.weight": torch.ones(5, 3) for i in (0, 1)})
    assert model[1].weight is not model[0].weight
    model[1].weight = model[0].weight
    assert len(list(model.parameters())) == 1


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_a_pruned_weight_is_named_although_the_next_call_moves_it():
    from torch.nn.utils import prune, spectral_norm

    for change in (
        lambda one: prune.l1_unstructured(one, "weight", 0.5),
        spectral_norm,
    ):
        layer = change(nn.Linear(3, 3)).to("meta")
        behind = [n for n, v in vars(layer).items() if isinstance(v, torch.Tensor)]
        assert behind == ["weight"] and layer.weight.device.type == "cpu"
        layer(torch.ones(2, 3, device="meta"))
        assert layer.weight.is_meta
