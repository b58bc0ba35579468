"""What the page of errors of dtypes claims beyond what its programs print."""

import numpy as np
import pytest
import torch
from torch import nn


@pytest.mark.parametrize(
    ("name", "dtype"),
    [("Long", torch.int64), ("Half", torch.float16), ("Bool", torch.bool)],
)
def test_the_inner_names_of_types(name, dtype):
    assert torch.ones(1, dtype=dtype).type() == f"torch.{name}Tensor"


def test_sums_of_uint8_wrap_where_creating_one_is_checked():
    with pytest.raises(RuntimeError, match="without overflow"):
        torch.tensor([300], dtype=torch.uint8)
    assert torch.iinfo(torch.uint8).max == 255
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


@pytest.mark.parametrize(
    ("made", "model", "names"),
    [
        (torch.uint8, torch.float32, "Byte and Float"),
        (torch.int64, torch.float32, "Long and Float"),
        (torch.float16, torch.float32, "Half and Float"),
        (torch.float32, torch.bfloat16, "Float and BFloat16"),
        (torch.float32, torch.float16, "Float and Half"),
    ],
)
@pytest.mark.parametrize("shape", [(3, 2), (1, 3, 2)])
def test_the_input_is_named_first_and_the_weights_second(made, model, names, shape):
    layer = torch.nn.Linear(2, 1).to(model)
    x = torch.ones(shape, dtype=made)
    with pytest.raises(RuntimeError, match=f"same dtype, but got {names}"):
        layer(x)
    assert layer(x.to(next(layer.parameters()).dtype)).dtype == model


def test_autocast_takes_float32_into_a_half_model():
    model = torch.nn.Linear(2, 1).to(torch.bfloat16)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert model(torch.ones(3, 2)).dtype == torch.bfloat16


def test_a_slice_converts_and_a_list_or_mask_does_not():
    x, values = torch.zeros(3), torch.ones(2, dtype=torch.float64)
    x[0:2] = values
    for chosen in ([0, 1], torch.tensor([True, True, False])):
        with pytest.raises(RuntimeError, match="Index put requires the source"):
            x[chosen] = values
    assert x.tolist() == [1, 1, 0]


def test_8_bit_floats_are_multiplied_as_matrices_but_not_added():
    x = torch.ones(16, 16, dtype=torch.float8_e4m3fn)
    assert (x @ x).float().unique().tolist() == [16]
    for operation in (torch.add, torch.sub, torch.div):
        with pytest.raises(NotImplementedError, match="Float8_e4m3fn"):
            operation(x, x)


@pytest.mark.parametrize("operation", [lambda x: x // 0, lambda x: x % 0])
def test_integers_by_zero_on_the_cpu(operation):
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        operation(torch.tensor([5], dtype=torch.int16))
    assert (torch.tensor([5]) / 0).item() == float("inf")


@pytest.mark.parametrize(
    "call",
    [
        lambda f, d: torch.bmm(f, d),
        lambda f, d: torch.baddbmm(f, f, d),
        lambda f, d: torch.nn.functional.cross_entropy(
            f[0], torch.tensor([0, 1, 2]), weight=d[0, 0]
        ),
    ],
)
def test_three_calls_say_that_a_scalar_type_is_expected(call):
    f, d = torch.ones(2, 3, 3), torch.ones(2, 3, 3, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="expected scalar type Float but found Dou"):
        call(f, d)
    call(f, d.float())


@pytest.mark.parametrize(
    "write",
    [
        lambda x: x.fill_(256),
        lambda x: x.__setitem__(0, 256),
        lambda x: torch.full_like(x, 256),
    ],
)
def test_a_number_is_checked_where_it_is_written(write):
    x = torch.zeros(1, dtype=torch.uint8)
    with pytest.raises(RuntimeError, match="converted to type uint8.* without overfl"):
        write(x)


def test_tensors_and_negative_numbers_wrap_silently():
    x = torch.zeros(1, dtype=torch.uint8)
    x[0] = torch.tensor(256 + 7)
    assert x.item() == torch.tensor([256 + 7]).to(torch.uint8).item() == 7
    assert torch.tensor([-1], dtype=torch.uint8).item() == 255
    assert torch.tensor([200, 100], dtype=torch.uint8).sum().item() == 300  # int64


def test_multinomial_takes_weights_that_are_no_probabilities():
    assert torch.multinomial(torch.tensor([0.0, 7.0]), 1).item() == 1
    with pytest.raises(RuntimeError, match="element < 0"):
        torch.multinomial(torch.tensor([-1.0, 7.0]), 1)


def test_a_layer_without_bias_reports_its_types_as_at_does():
    x = torch.ones(3, 2, dtype=torch.float64)
    for product in (nn.Linear(2, 4, bias=False), lambda x: x @ torch.ones(2, 4)):
        with pytest.raises(RuntimeError, match="expected m1 and m2 to have the same"):
            product(x)


@pytest.mark.parametrize(
    "product", [torch.bmm, torch.matmul, lambda x, y: torch.einsum("bij,bjk", x, y)]
)
def test_products_of_batches_name_the_type_of_the_first_tensor_first(product):
    x, y = torch.ones(2, 3, 3), torch.ones(2, 3, 3, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="type Float but found Double"):
        product(x, y)
    with pytest.raises(RuntimeError, match="type Double but found Float"):
        product(y, x)
    assert product(x, y.float()).dtype == torch.float32


def test_a_convolution_without_bias_names_scalar_types():
    model = nn.Conv1d(2, 3, 1, bias=False)
    x = torch.ones(1, 2, 5, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="scalar type Double but found Float"):
        model(x)
    with pytest.raises(RuntimeError, match="scalar type Float but found Double"):
        nn.Conv1d(2, 3, 1, bias=False).double()(x.float())
    model = nn.Sequential(model, nn.ReLU())  # has no weight of its own
    assert not hasattr(model, "weight")
    x = x.to(next(model.parameters()).dtype)
    assert model(x).dtype == torch.float32


def test_a_large_uint32_becomes_negative_in_int():
    x = torch.tensor([3_000_000_000], dtype=torch.uint32)
    assert (x.int() < 0).item() and (x.long() + 1).item() == 3_000_000_001


@pytest.mark.parametrize("value", [-1, -200, -255])
def test_a_negative_number_wraps_in_uint8_down_to_255(value):
    assert torch.tensor([value], dtype=torch.uint8).item() == value % 256
    with pytest.raises(RuntimeError, match="to type uint8 without overflow"):
        torch.tensor([value - 255], dtype=torch.uint8)


def test_an_array_of_numpy_is_not_checked_for_uint8():
    wrapped = torch.tensor(np.array([300, 513]), dtype=torch.uint8)
    assert wrapped.tolist() == [300 % 256, 513 % 256]  # stays wrong


def test_masks_are_subtracted_from_numbers_as_integers():
    x, mask = torch.tensor([3.0, 5.0]), torch.tensor([True, False])
    with pytest.raises(RuntimeError, match="with a bool tensor is not supported"):
        x - mask
    assert (x - mask.int()).tolist() == [2, 5]
    loss = nn.functional.binary_cross_entropy_with_logits
    with pytest.raises(RuntimeError, match="with two bool tensors"):
        loss(x, mask)
    assert loss(x, mask.float()) > 0
    for other, words in ((mask, "two bool tensors"), (x, "a bool tensor")):
        with pytest.raises(RuntimeError, match=f"with {words}"):
            nn.functional.l1_loss(other, mask)
        assert nn.functional.l1_loss(other.float(), mask.float()) >= 0


@pytest.mark.parametrize("bias", [True, False])
def test_a_transposed_convolution_names_scalar_types_with_a_bias_too(bias):
    model = nn.ConvTranspose1d(2, 3, 1, bias=bias)
    with pytest.raises(RuntimeError, match="scalar type Double but found Float"):
        model(torch.ones(1, 2, 5, dtype=torch.float64))


def test_one_number_through_a_mask_is_converted_and_through_a_list_it_is_not():
    x, one = torch.zeros(3), torch.ones(1, dtype=torch.float64)
    x[torch.tensor([True, False, True])] = one
    assert x.tolist() == [1, 0, 1]
    with pytest.raises(RuntimeError, match="Index put requires the source"):
        x[[1]] = one


def test_sums_products_and_arange_do_not_check_a_number_for_uint8():
    x = torch.ones(1, dtype=torch.uint8)
    made = x + 300, x * 300, torch.arange(300, 301, dtype=torch.uint8)
    assert [y.item() for y in made] == [45, 44, 44]


@pytest.mark.parametrize("dtype", [torch.int32, torch.float32])
def test_labels_of_another_type_than_long_are_refused(dtype):
    labels = torch.tensor([0, 2], dtype=dtype)
    with pytest.raises(RuntimeError, match="to be Long or Byte, but got"):
        nn.functional.cross_entropy(torch.zeros(2, 3), labels)
    assert nn.functional.cross_entropy(torch.zeros(2, 3), labels.long()) > 1


def test_the_pseudo_inverse_solves_and_wants_finite_numbers():
    a = torch.tensor([[1.0, 0.0], [0.0, 4.0], [0.0, 0.0]])
    x = torch.linalg.pinv(a) @ torch.tensor([2.0, 8.0, 0.0])
    torch.testing.assert_close(x, torch.tensor([2.0, 2.0]))
    b = torch.tensor([2.0, 8.0, 1.0])  # no x solves this: as close as possible
    torch.testing.assert_close(torch.linalg.pinv(a) @ b, x)
    b = torch.randn(3)
    gap = (a @ (torch.linalg.pinv(a) @ b) - b).norm()
    assert all(gap <= (a @ torch.randn(2) - b).norm() + 1e-6 for _ in range(20))
    with pytest.raises(torch.linalg.LinAlgError):
        torch.linalg.pinv(a * torch.nan)


def test_cholesky_and_the_inverse_say_what_they_want():
    a = torch.tensor([[1.0, 1.0], [1.0, 1.0]]) - 1e-7 * torch.eye(2)
    with pytest.raises(
        RuntimeError, match="cholesky: The factorization could not be c"
    ):
        torch.linalg.cholesky(a)
    assert torch.linalg.cholesky(a + 1e-6 * torch.eye(2)).isfinite().all()
    x = torch.linspace(0, 1, 300)
    a = (-12 * (x - x[:, None]) ** 2).exp()  # too large for a millionth
    with pytest.raises(RuntimeError, match="is not positive-definite"):
        torch.linalg.cholesky(a + 1e-6 * torch.eye(300))
    assert any(
        torch.linalg.cholesky_ex(a + 10.0**n * torch.eye(300)).info == 0
        for n in (-5, -4, -3)
    )
    with pytest.raises(
        RuntimeError, match="must be batches of square matrices, but th"
    ):
        torch.linalg.inv(torch.ones(2, 3))


@pytest.mark.parametrize("dtype", [torch.int8, torch.int32, torch.int64])
def test_an_exponent_in_a_tensor_below_zero_gives_zero(dtype):
    assert (2 ** torch.tensor([-1, -3], dtype=dtype)).tolist() == [0, 0]
    assert (torch.tensor([3], dtype=dtype) ** torch.tensor([-1])).tolist() == [0]
    bases = torch.tensor([0, 1, -1, -2], dtype=dtype)
    assert (bases ** torch.tensor([-1])).tolist() == [0, 1, -1, 0]
    with pytest.raises(RuntimeError, match="negative integer powers"):
        torch.tensor([2], dtype=dtype) ** -1


@pytest.mark.parametrize("size", [(5,), (4, 4)])
def test_uint8_is_a_label_of_a_sample_but_not_of_a_word_or_pixel(size):
    loss = nn.functional.cross_entropy
    one, many = torch.zeros(2, dtype=torch.uint8), torch.zeros(2, *size)
    assert loss(torch.zeros(2, 3), one) == loss(torch.zeros(2, 3), one.long())
    scores = torch.zeros(2, 3, *size)
    with pytest.raises(RuntimeError, match="^expected scalar type Long but found Byte"):
        loss(scores, many.to(torch.uint8))
    assert loss(scores, many.long()).isfinite()


def test_noise_for_integers_is_drawn_as_floats():
    x = torch.ones(3, 4, dtype=torch.uint8)
    with pytest.raises(NotImplementedError, match='"normal_kernel_cpu" not implement'):
        torch.randn_like(x)
    noise = torch.randn_like(x.float())
    assert noise.shape == x.shape and (x + noise).dtype == torch.float32


@pytest.mark.parametrize("dtype", [torch.int64, torch.int32])
def test_integer_labels_of_two_classes_are_no_desired_output(dtype):
    loss, x = nn.functional.binary_cross_entropy_with_logits, torch.zeros(4, 3)
    y = torch.ones(4, 3, dtype=dtype)
    with pytest.raises(RuntimeError, match="^result type Float can't be cast to the d"):
        loss(x, y)
    assert loss(x, y.float()) > 0


@pytest.mark.parametrize(
    ("scores", "weight"),
    [(torch.float32, torch.float64), (torch.float64, torch.float32)],
)
def test_class_weights_follow_the_type_of_the_scores(scores, weight):
    names = {torch.float32: "Float", torch.float64: "Double"}
    scores, y = torch.zeros(2, 3, dtype=scores), torch.tensor([0, 2])
    weight = torch.ones(3, dtype=weight)
    said = f"type {names[scores.dtype]} but found {names[weight.dtype]}"
    assert weight.dtype != scores.dtype
    with pytest.raises(RuntimeError, match=said):
        nn.functional.cross_entropy(scores, y, weight)
    assert nn.functional.cross_entropy(scores, y, weight.to(scores.dtype)).isfinite()


def test_an_argmax_in_floats_cannot_train():
    scores = torch.randn(4, 3, requires_grad=True)
    y = torch.tensor([0, 1, 2, 0])
    with pytest.raises(NotImplementedError, match="mse_cpu.* 'Long'"):
        nn.functional.mse_loss(scores.argmax(1), y)
    assert not nn.functional.mse_loss(scores.argmax(1).float(), y.float()).requires_grad
    nn.functional.cross_entropy(scores, y).backward()


def test_a_moving_average_stops_at_the_counter_of_batch_norm():
    model = nn.BatchNorm1d(2)
    counter = model.state_dict()["num_batches_tracked"]
    with pytest.raises(RuntimeError, match="Float can't be cast to the desired outp"):
        counter.mul_(0.999)
    assert counter.copy_(torch.tensor(7)).item() == model.num_batches_tracked


@pytest.mark.parametrize("dtype", [torch.int32, torch.int64, torch.uint8])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_nan_and_infinity_fit_into_no_integer(value, dtype):
    with pytest.raises(RuntimeError, match="type .* without overflow"):
        torch.tensor([1, value], dtype=dtype)
    assert torch.tensor([1, value]).dtype == torch.float32


@pytest.mark.parametrize("dtype", [torch.uint32, torch.uint64])
def test_large_unsigned_numbers_change_in_int(dtype):
    x = torch.tensor([3_000_000_000], dtype=dtype)
    with pytest.raises(RuntimeError, match="Promotion for uint16"):
        x + torch.tensor([1])
    assert x.int().item() != 3_000_000_000 == x.long().item()
    for number in 2**31 - 1, 2**31, 2**63 - 1, 2**63:
        if number < 2**32 or dtype == torch.uint64:
            x = torch.tensor([number], dtype=dtype)
            assert (x.int().item() == number) == (number < 2**31)
            assert (x.long().item() == number) == (number < 2**63)


def test_floats_lose_their_fractions_in_a_place_of_integers():
    x, rows = torch.zeros(3, dtype=torch.int64), torch.tensor([0, 2])
    values = torch.tensor([0.7, 0.9])
    with pytest.raises(RuntimeError, match="got Long for the destination and Float"):
        x[rows] = values
    x[rows] = values.to(x.dtype)
    assert x.tolist() == [0, 0, 0]


def test_a_batch_becomes_probabilities_along_dimension_1():
    scores = torch.tensor([[-1.0, 1.0, 3.0], [2.0, -5.0, 0.0]])
    with pytest.raises(RuntimeError, match="nan` or element < 0"):
        torch.multinomial(scores, 1)
    torch.testing.assert_close(scores.softmax(dim=1).sum(1), torch.ones(2))
    assert not torch.allclose(scores.softmax(dim=0).sum(1), torch.ones(2))


@pytest.mark.parametrize(
    "conv", [nn.Conv1d(2, 3, 1, bias=False), nn.ConvTranspose1d(2, 3, 1)]
)
def test_two_dtypes_tell_that_it_is_the_convolution(conv):
    """The other causes stand in a loss or a product, after layers that worked."""
    x = torch.ones(4, 2, 5)
    with pytest.raises(RuntimeError, match="expected scalar type Double but found"):
        conv(x.double())
    assert (x.double().dtype == conv.weight.dtype) is False
    assert conv(x.double().to(conv.weight.dtype)).shape == (4, 3, 5)
    scores = conv(x)
    assert x.dtype == conv.weight.dtype
    weight, y = torch.ones(3).double(), torch.zeros(4, 5, dtype=torch.long)
    with pytest.raises(RuntimeError, match="expected scalar type Float but found Doub"):
        nn.functional.cross_entropy(scores, y, weight)
    with pytest.raises(RuntimeError, match="scalar type"):
        torch.bmm(scores, torch.ones(4, 5, 2).double())
