"""What the page about misfits claims, held against NumPy and arithmetic by hand."""

import io
import re
import warnings

import numpy as np
import pytest
import torch
from torch import nn


def network(last: nn.Module) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 4, kernel_size=3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), last
    )


def trace(model: nn.Module, layers) -> list[str]:
    """The lines that the page's hook prints."""
    lines = []

    def show(layer, inputs, output):
        lines.append(f"{type(layer).__name__:9} {tuple(output.shape)}  {output.dtype}")

    for layer in layers:
        layer.register_forward_hook(show)
    try:
        model(torch.ones(2, 1, 12, 12))
    except RuntimeError as error:
        lines.append(str(error))
    return lines


# The tracer


def test_a_forward_hook_runs_once_the_output_is_ready():
    layer, seen = nn.ReLU(), []
    layer.register_forward_hook(lambda layer, inputs, output: seen.append(output))
    y = layer(torch.tensor([-1.0, 2.0]))
    assert seen[0] is y


def test_the_last_line_of_the_trace_names_the_last_layer_that_worked():
    model = network(nn.Linear(64, 10))
    lines = trace(model, model)
    assert [line.split()[0] for line in lines[:-1]] == [
        "Conv2d",
        "ReLU",
        "MaxPool2d",
        "Flatten",
    ]
    assert lines[-1] == ("mat1 and mat2 shapes cannot be multiplied (2x100 and 64x10)")


def test_flatten_passes_on_the_100_numbers_that_arithmetic_expects():
    side = (12 - 3 + 1) // 2  # after the convolution, and the pooling
    model = network(nn.Identity())
    assert model(torch.ones(2, 1, 12, 12)).shape == (2, 4 * side * side)
    assert 4 * side * side == 100


def test_the_network_runs_with_a_last_layer_of_100_inputs():
    model = network(nn.Linear(100, 10))
    assert trace(model, model)[-1].startswith("Linear    (2, 10)")


def test_modules_reaches_layers_inside_layers_and_a_plain_loop_does_not():
    inner = nn.ReLU()
    model = nn.Sequential(nn.Sequential(inner))
    assert inner in list(model.modules())
    assert inner not in list(model)


def test_only_the_first_part_of_what_an_lstm_returns_has_a_shape():
    output, state = nn.LSTM(2, 3)(torch.ones(1, 1, 2))
    assert output.shape == (1, 1, 3)
    assert isinstance(state, tuple)


def test_of_a_dict_a_part_is_asked_by_its_name():
    class Named(nn.Module):
        def forward(self, x):
            return {"scores": x}

    def show(layer, inputs, output):
        shapes.append(output["scores"].shape)
        assert not hasattr(output, "shape") and 0 not in output

    model, shapes = Named(), []
    model.register_forward_hook(show)
    model(torch.ones(2, 3))
    assert shapes == [(2, 3)]


def test_some_layers_return_a_tuple_of_tensors():
    for layer in (nn.LSTM(2, 3), nn.GRU(2, 3)):
        output = layer(torch.ones(4, 2))
        assert type(output) is tuple and output[0].shape == (4, 3)


def test_a_lazy_layer_takes_its_input_size_from_the_first_batch():
    model = network(nn.LazyLinear(10))
    lines = trace(model, model)
    assert len(lines) == 5
    assert lines[-1].startswith("Linear    (2, 10)")
    assert model[-1].in_features == 100


# The silent broadcast


def column_and_targets():
    return torch.tensor([[0.0], [3.0], [6.0]]), torch.tensor([0.0, 3.0, 6.0])


def test_a_perfect_prediction_in_a_column_still_has_a_loss_of_12():
    prediction, y = column_and_targets()
    nine = [(p - t) ** 2 for p in (0, 3, 6) for t in (0, 3, 6)]
    assert len(nine) == 9
    assert sum(nine) / 9 == 12
    assert (prediction - y).shape == (3, 3)
    assert (prediction - y).square().mean().item() == 12
    with pytest.warns(UserWarning, match="Using a target size"):
        assert nn.MSELoss()(prediction, y).item() == 12


def test_the_picture_shows_the_differences_that_numpy_takes():
    y = np.array([0, 3, 6])
    wanted = [[0, -3, -6], [3, 0, -3], [6, 3, 0]]
    assert (y.reshape(3, 1) - y).tolist() == wanted
    t = torch.tensor([0, 3, 6])
    assert (t.reshape(3, 1) - t).tolist() == wanted


def test_the_formula_by_hand_gives_the_wrong_loss_without_a_warning():
    prediction, y = column_and_targets()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (prediction - y).square().mean().item() == 12


def test_some_losses_warn_of_the_shapes_and_one_refuses_them():
    prediction, y = (t / 6 for t in column_and_targets())
    for loss in (nn.L1Loss(), nn.SmoothL1Loss(), nn.HuberLoss()):
        with pytest.warns(UserWarning, match="Using a target size"):
            assert loss(prediction, y) > 0
    with pytest.raises(ValueError, match="Using a target size"):
        nn.BCELoss()(prediction, y)


def test_training_on_the_broadcast_loss_predicts_the_mean_of_all_targets():
    x = torch.tensor([[0.0], [1.0], [2.0]])
    y = torch.tensor([0.0, 3.0, 6.0])  # 3 * x
    for target, wanted in [(y, [3.0, 3.0, 3.0]), (y.unsqueeze(1), [0.0, 3.0, 6.0])]:
        model = nn.Linear(1, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
        for _ in range(500):
            optimizer.zero_grad()
            (model(x) - target).square().mean().backward()
            optimizer.step()
        assert model(x).flatten().tolist() == pytest.approx(wanted, abs=1e-3)


@pytest.mark.parametrize("change", ["prediction", "target"])
def test_equal_shapes_give_the_loss_that_the_formula_gives(change):
    prediction, y = column_and_targets()
    if change == "prediction":
        prediction = prediction.squeeze(1)
    else:
        y = y.unsqueeze(1)
        assert y.shape == (3, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert nn.MSELoss()(prediction, y).item() == 0


# Dtypes


@pytest.mark.parametrize(
    ("made", "dtype"),
    [
        (torch.tensor([1, 2]), torch.int64),
        (torch.arange(2), torch.int64),
        (torch.tensor([1.0, 2]), torch.float32),
        (torch.arange(2.0), torch.float32),
        (torch.arange(2) / 2, torch.float32),
        (torch.arange(2) // 2, torch.int64),
        (torch.arange(2) > 0, torch.bool),
        (torch.tensor(np.ones(2)), torch.float64),
        (torch.tensor(np.ones(2, "float32")), torch.float32),
    ],
)
def test_the_way_of_making_a_tensor_decides_its_dtype(made, dtype):
    assert made.dtype == dtype


@pytest.mark.parametrize("numbers", [[True], [1, 2], [1.5], np.ones(2), np.arange(2)])
def test_a_capital_t_makes_float32_even_of_whole_numbers(numbers):
    assert torch.Tensor(numbers).dtype == torch.float32


FLOATS = [torch.float16, torch.float32, torch.float64]
INTEGERS = [torch.int8, torch.int16, torch.int32, torch.int64]


def total(one, two):
    return (torch.ones(1, dtype=one) + torch.ones(1, dtype=two)).dtype


@pytest.mark.parametrize("floating", FLOATS)
@pytest.mark.parametrize("lower", [torch.bool, torch.uint8, *INTEGERS])
def test_the_higher_kind_wins_whatever_its_size(floating, lower):
    assert total(lower, floating) == floating
    assert total(torch.bool, lower) == lower


@pytest.mark.parametrize("kind", [FLOATS, INTEGERS])
def test_within_a_kind_the_wider_type_wins_as_in_numpy(kind):
    for i, one in enumerate(kind):
        for j, two in enumerate(kind):
            assert total(one, two) == kind[max(i, j)]
            a, b = (torch.ones(1, dtype=d).numpy() for d in (one, two))
            assert torch.from_numpy(a + b).dtype == kind[max(i, j)]


def test_a_python_number_lifts_the_kind_and_never_the_size():
    for dtype in FLOATS:
        assert (torch.ones(1, dtype=dtype) + 0.5).dtype == dtype
        assert (torch.ones(1, dtype=dtype) + 10).dtype == dtype
    assert (torch.ones(1, dtype=torch.int8) + 10).dtype == torch.int8
    assert (torch.tensor([1]) + 0.5).dtype == torch.float32


def test_a_number_of_a_higher_kind_may_bring_more_bits():
    for dtype, number, result in [
        (torch.int8, 0.5, torch.float32),
        (torch.bool, 1, torch.int64),
        (torch.int8, 10**6, torch.int8),
        (torch.float16, 1e9, torch.float16),
    ]:
        assert torch.result_type(torch.ones(2, dtype=dtype), number) == result


def test_where_neither_type_holds_the_other_a_third_one_does():
    pairs = [("uint8", "int8", "int16"), ("float16", "bfloat16", "float32")]
    for one, two, third in pairs:
        types = (getattr(torch, name) for name in (one, two, third))
        x, y = (torch.ones(2, dtype=next(types)) for _ in range(2))
        assert (x + y).dtype == next(types)


@pytest.mark.parametrize("one", [torch.uint16, torch.uint32, torch.uint64])
def test_the_wide_unsigned_integers_meet_no_other_integer(one):
    unsigned = torch.uint8, torch.uint16, torch.uint32, torch.uint64
    for other in {*INTEGERS, *unsigned, torch.bool}:
        if other != one:
            with pytest.raises(RuntimeError, match="Promotion for uint16, uint32"):
                total(one, other)
    assert [total(one, floating) for floating in FLOATS] == FLOATS
    for number in (1, True):
        with pytest.raises(NotImplementedError, match="add_stub"):
            torch.ones(1, dtype=one) + number
    assert (torch.ones(1, dtype=one) + 1j).is_complex()  # not floats only


@pytest.mark.parametrize("size", [1, 30])
def test_batches_of_two_dtypes_are_refused_in_one_order_or_the_other(size):
    x = torch.ones(4, size, size, dtype=torch.float64)
    text = "expected scalar type (Double but found Float|Float but found Double)"
    with pytest.raises(RuntimeError, match=text):
        x @ torch.ones(4, size, 4 * size)
    assert (x.float() @ torch.ones(4, size, 1)).dtype == torch.float32


def test_the_broadcast_loss_is_lowest_at_the_mean_and_not_every_model_gets_there():
    y = torch.tensor([1.0, 2.0, 9.0])
    for other in (y, y.mean() + torch.tensor([0.1, 0.0, -0.1])):
        at_mean = (y.mean().expand(3, 1) - y).square().mean()
        assert at_mean < (other.reshape(3, 1) - y).square().mean()
    through_zero = nn.Linear(1, 1, bias=False)
    assert through_zero(torch.zeros(1, 1)).item() == 0.0 != y.mean()


def test_long_cuts_off_the_decimals_as_python_int_does():
    numbers = [2.7, -2.7, 0.0]
    assert torch.tensor(numbers).long().tolist() == [int(n) for n in numbers]


def test_bool_asks_whether_a_number_differs_from_zero():
    numbers = [2.7, -2.7, 0.0]
    assert torch.tensor(numbers).bool().tolist() == [n != 0 for n in numbers]


def test_bfloat16_rounds_to_the_nearest_of_eight_significant_bits():
    nearest = round(2.7 * 2**6) / 2**6  # 2.7 lies between 2 and 4
    assert torch.tensor(2.7).bfloat16().item() == nearest == 2.703125


def test_where_nothing_has_to_change_the_same_tensor_comes_back():
    x = torch.ones(2)
    assert x.float() is x
    assert x.to(torch.float32) is x


# einsum


def test_einsum_multiplies_and_sums_over_the_letter_missing_after_the_arrow():
    x, weight = torch.arange(10.0).reshape(2, 5), torch.arange(15.0).reshape(3, 5)
    y = torch.einsum("bi,oi->bo", x, weight)
    by_hand = [
        [sum(x[b, i] * weight[o, i] for i in range(5)).item() for o in range(3)]
        for b in range(2)
    ]
    assert y.tolist() == by_hand
    assert y.tolist() == np.einsum("bi,oi->bo", x.numpy(), weight.numpy()).tolist()


def test_einsum_names_the_letter_whose_sizes_differ():
    x, weight = torch.ones(2, 5), torch.ones(3, 5)
    with pytest.raises(RuntimeError, match="subscript i has size 3 .* seen size 5"):
        torch.einsum("bi,oi->bo", x, weight.T)


def test_einsum_does_not_see_a_size_of_1():
    y = torch.einsum("bi,oi->bo", torch.ones(2, 5), torch.ones(3, 1))
    assert y.tolist() == [[5.0] * 3] * 2


def test_einsum_sees_a_size_of_1_within_one_tensor():
    with pytest.raises(RuntimeError, match="subscript i is repeated"):
        torch.einsum("ii->i", torch.ones(1, 5))


def test_einsum_does_not_see_axes_of_equal_size_swapped():
    x, weight = torch.ones(2, 2), torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    right, swapped = (torch.einsum("bi,oi->bo", x, w) for w in (weight, weight.T))
    assert right.shape == swapped.shape
    assert right.tolist() != swapped.tolist()


# Errors


def test_mat2_is_the_layer_as_inputs_by_outputs():
    text = re.escape("mat1 and mat2 shapes cannot be multiplied (5x2 and 3x1)")
    with pytest.raises(RuntimeError, match=text):
        nn.Linear(in_features=3, out_features=1)(torch.ones(5, 2))
    assert nn.Linear(2, 1)(torch.ones(5, 2)).shape == (5, 1)


def test_trained_weights_do_not_fit_a_layer_made_as_wide_as_other_data():
    trained, x = nn.Linear(3, 1), torch.ones(5, 2)
    with pytest.raises(RuntimeError, match="size mismatch for weight"):
        nn.Linear(x.shape[-1], 1).load_state_dict(trained.state_dict())


def test_mat1_is_the_data_with_one_row_for_each_sample_of_each_batch():
    with pytest.raises(RuntimeError, match="20x2 and 3x1"):
        nn.Linear(3, 1)(torch.ones(4, 5, 2))


def test_a_convolution_looks_for_channels_right_after_the_batch():
    x = torch.ones(2, 28, 28, 3)
    text = re.escape(
        "expected input[2, 28, 28, 3] to have 3 channels, but got 28 channels instead"
    )
    with pytest.raises(RuntimeError, match=text):
        nn.Conv2d(3, 8, kernel_size=3)(x)
    y = nn.Conv2d(3, 8, kernel_size=3)(x.permute(0, 3, 1, 2))
    assert y.shape == (2, 8, 28 - 3 + 1, 28 - 3 + 1)


def test_a_picture_of_pillow_has_its_channels_last():
    from PIL import Image

    assert np.asarray(Image.new("RGB", (5, 4))).shape == (4, 5, 3)


def test_a_picture_read_from_a_file_has_its_channels_last():
    file = io.BytesIO()
    import matplotlib.pyplot as plt

    plt.imsave(file, np.zeros((4, 5, 3)), format="png")
    file.seek(0)
    height, width, channels = plt.imread(file).shape
    assert (height, width) == (4, 5)
    assert channels in (3, 4)  # with or without transparency


def test_reshape_instead_of_permute_scrambles_the_pixels_without_an_error():
    x = torch.arange(2.0 * 28 * 28 * 3).reshape(2, 28, 28, 3)
    wanted = np.transpose(x.numpy(), (0, 3, 1, 2))
    assert np.array_equal(x.permute(0, 3, 1, 2).numpy(), wanted)
    scrambled = x.reshape(2, 3, 28, 28)
    assert nn.Conv2d(3, 8, kernel_size=3)(scrambled).shape == (2, 8, 26, 26)
    assert not np.array_equal(scrambled.numpy(), wanted)


LINEAR = "mat1 and mat2 must have the same dtype, but got Double and Float"
MATMUL = "expected m1 and m2 to have the same dtype, but got: double != float"
BATCHES = "expected scalar type Double but found Float"
CONV = "Input type (double) and bias type (float) should be the same"


@pytest.mark.parametrize(
    ("product", "shape", "text"),
    [
        (nn.Linear(2, 1), (3, 2), LINEAR),
        (nn.Linear(2, 1, bias=False), (3, 2), MATMUL),
        (lambda x: x @ torch.ones(2, 1), (3, 2), MATMUL),
        (lambda x: x @ torch.ones(2, 1), (4, 3, 2), MATMUL),
        (lambda x: x @ torch.ones(4, 2, 1), (4, 3, 2), BATCHES),
        (lambda x: x @ torch.ones(4, 2, 1), (3, 2), BATCHES),
        (nn.Linear(2, 1), (4, 3, 2), LINEAR),
        (nn.Conv2d(3, 4, kernel_size=3), (1, 3, 8, 8), CONV),
        (nn.Conv2d(3, 4, kernel_size=3, bias=False), (1, 3, 8, 8), BATCHES),
        (nn.ConvTranspose2d(3, 4, kernel_size=3), (1, 3, 8, 8), BATCHES),
    ],
)
def test_a_product_of_two_dtypes_is_refused_until_the_data_is_converted(
    product, shape, text
):
    x = torch.from_numpy(np.ones(shape))
    assert x.dtype == torch.float64
    with pytest.raises(RuntimeError, match=re.escape(text)):
        product(x)
    assert product(x.float()).dtype == torch.float32


def test_under_autocast_halves_meet_floats():
    x, weight = torch.ones(3, 2, dtype=torch.float16), torch.ones(2, 1)
    with pytest.raises(RuntimeError, match="same dtype"):
        x @ weight
    with torch.autocast("cpu"):
        assert (x @ weight).dtype == torch.bfloat16


def test_a_model_made_double_accepts_doubles_and_takes_twice_the_memory():
    model = nn.Linear(2, 1)
    before = sum(p.nbytes for p in model.parameters())
    model.double()
    assert model(torch.ones(3, 2, dtype=torch.float64)).shape == (3, 1)
    assert sum(p.nbytes for p in model.parameters()) == 2 * before


def test_sums_climb_where_products_are_refused():
    one, two = torch.ones(2, 2), torch.ones(2, 2, dtype=torch.float64)
    assert (one + two).dtype == torch.float64
    assert (one * two).dtype == torch.float64
    with pytest.raises(RuntimeError, match="same dtype"):
        one @ two
