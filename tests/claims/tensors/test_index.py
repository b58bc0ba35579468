"""What the page about tensors claims, held against NumPy and arithmetic by hand."""

import re
import struct
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

PAGE = Path(__file__).parents[3] / "docs" / "tensors" / "index.md"
TABLE_ROW = re.compile(r"^\| `(.+)` \| `(.+)` \|$", re.MULTILINE)


# The same list


def test_a_list_makes_a_float64_array_and_a_float32_tensor():
    assert np.array([[0.0, 1.3]]).dtype == np.float64
    assert torch.tensor([[0.0, 1.3]]).dtype == torch.float32


def test_a_float32_tensor_takes_half_the_bytes():
    numbers = [[0.0, 1.3], [2.5, 4.0]]
    assert 2 * torch.tensor(numbers).nbytes == np.array(numbers).nbytes


def test_of_the_four_numbers_only_1_3_is_rounded_to_fit_float32():
    nearest = struct.unpack("f", struct.pack("f", 1.3))[0]
    assert torch.tensor(1.3).item() == nearest == 1.2999999523162842
    others = [0.0, 2.5, 4.0]
    assert torch.tensor(others).tolist() == others


def test_the_printed_tensor_hides_the_rounding_behind_four_decimals():
    assert str(torch.tensor([1.3])) == "tensor([1.3000])"


def test_asking_for_float64_keeps_1_3():
    numbers = [[0.0, 1.3], [2.5, 4.0]]
    t = torch.tensor(numbers, dtype=torch.float64)
    assert t[0, 1].item() == np.array(numbers)[0, 1].item() == 1.3


@pytest.mark.parametrize(
    ("numbers", "dtype"),
    [
        ([1.0, 2.0], torch.float32),
        ([1, 2.0], torch.float32),
        ([1, 2], torch.int64),
        ([True, False], torch.bool),
        (np.array([1.0, 2.0]), torch.float64),
        (np.array([1, 2], dtype="int16"), torch.int16),
    ],
)
def test_the_type_comes_from_the_numbers_or_from_the_array(numbers, dtype):
    assert torch.tensor(numbers).dtype == dtype


def test_dtype_makes_floats_of_whole_numbers():
    t = torch.tensor([1, 2, 3], dtype=torch.float32)
    assert t.dtype == torch.float32
    assert t.tolist() == [1.0, 2.0, 3.0]


def test_a_tensor_carries_the_slope_of_what_was_computed_with_it():
    t = torch.tensor([1.0, 2.0], requires_grad=True)
    (t**2).sum().backward()
    assert t.grad.tolist() == [2 * 1.0, 2 * 2.0]


# Memory


@pytest.mark.parametrize("way", [torch.from_numpy, torch.from_dlpack])
def test_an_array_becomes_a_tensor_without_a_copy(way):
    a = np.zeros(3)
    t = way(a)
    assert t.data_ptr() == a.ctypes.data
    assert t.dtype == torch.float64
    a[0] = 9.0
    t[1] = 7.0
    assert t.tolist() == a.tolist() == [9.0, 7.0, 0.0]


@pytest.mark.parametrize("way", [torch.Tensor.numpy, np.from_dlpack])
def test_a_tensor_becomes_an_array_without_a_copy(way):
    t = torch.zeros(3)
    a = way(t)
    assert a.ctypes.data == t.data_ptr()
    t[0] = 9.0
    assert a.tolist() == [9.0, 0.0, 0.0]


def test_a_tensor_and_the_array_it_came_from_share_memory():
    a = np.zeros(3)
    assert np.shares_memory(a, torch.from_numpy(a).numpy())


def test_torch_tensor_always_copies_an_array():
    a = np.zeros(3)
    t = torch.tensor(a)
    a[0] = 9.0
    assert t.tolist() == [0.0, 0.0, 0.0]


def test_a_tensor_outside_cpu_memory_must_come_back_before_it_is_an_array():
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    elsewhere = torch.ones(2).to(accelerator or torch.device("meta"))
    with pytest.raises(TypeError, match=r"Use Tensor\.cpu\(\) to copy the tensor"):
        elsewhere.numpy()
    if accelerator:
        assert elsewhere.cpu().numpy().tolist() == [1.0, 1.0]


def test_detach_shares_memory_and_is_not_tracked():
    t = torch.zeros(2, requires_grad=True)
    new = t.detach()
    new[0] = 9.0
    assert t.tolist() == [9.0, 0.0]
    assert t.requires_grad
    assert not new.requires_grad


def test_clone_copies_and_stays_tracked():
    t = torch.zeros(2, requires_grad=True)
    new = t.clone()
    t.detach()[0] = 9.0
    assert new.tolist() == [0.0, 0.0]
    assert new.requires_grad
    new.sum().backward()
    assert t.grad.tolist() == [1.0, 1.0]


def test_detach_clone_is_tied_in_neither_way():
    t = torch.zeros(2, requires_grad=True)
    new = t.detach().clone()
    t.detach()[0] = 9.0
    assert new.tolist() == [0.0, 0.0]
    assert not new.requires_grad


# Strides


def test_numpy_strides_are_torch_strides_times_the_element_size():
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    t = torch.from_numpy(a)
    assert t.stride() == (2, 1)
    assert a.strides == (16, 8)
    assert a.strides == tuple(t.element_size() * s for s in t.stride())


def test_a_transpose_has_the_same_storage_and_swapped_strides():
    t = torch.arange(6, dtype=torch.uint8).reshape(2, 3)
    assert t.T.untyped_storage().data_ptr() == t.untyped_storage().data_ptr()
    assert t.stride() == (3, 1)
    assert t.T.stride() == (1, 3)


def test_walking_the_storage_by_strides_gives_the_elements():
    t = torch.arange(6, dtype=torch.uint8).reshape(2, 3)
    for view, numbers in [
        (t, [[0, 1, 2], [3, 4, 5]]),
        (t.T, [[0, 3], [1, 4], [2, 5]]),
    ]:
        storage = view.untyped_storage().tolist()
        down, right = view.stride()
        rows, columns = view.shape
        assert numbers == [
            [storage[i * down + j * right] for j in range(columns)] for i in range(rows)
        ]
        assert view.tolist() == numbers


def test_a_write_to_the_transpose_changes_the_tensor():
    t = torch.zeros(2, 3)
    t.T[2, 0] = 9.0
    assert t.tolist() == [[0.0, 0.0, 9.0], [0.0, 0.0, 0.0]]


def test_a_transpose_swaps_rows_and_columns():
    t = torch.tensor([[0, 1, 2], [3, 4, 5]])
    assert t.T.shape == (3, 2)
    assert t.T[0, 1] == t[1, 0] == 3


# Arithmetic


SHAPES = [(), (1,), (2,), (3,), (1, 3), (2, 1), (2, 3), (3, 2), (4, 1, 3)]


@pytest.mark.parametrize("one", SHAPES)
@pytest.mark.parametrize("two", SHAPES)
def test_sizes_fit_if_equal_or_1_or_missing_from_the_right_as_in_numpy(one, two):
    pairs = zip(reversed(one), reversed(two), strict=False)
    fit = all(m == n or 1 in (m, n) for m, n in pairs)
    if fit:
        total = torch.ones(one) + torch.ones(two)
        assert total.shape == (np.ones(one) + np.ones(two)).shape
    else:
        with pytest.raises(RuntimeError, match="The size of tensor a"):
            torch.ones(one) + torch.ones(two)
        with pytest.raises(ValueError, match="could not be broadcast"):
            np.ones(one) + np.ones(two)


def test_a_column_plus_a_row_makes_every_sum_as_in_numpy():
    column, row = [[10], [20], [30]], [[1, 2, 3, 4]]
    total = torch.tensor(column) + torch.tensor(row)
    assert total.shape == (3, 4)
    assert total.tolist() == [[c + r for r in row[0]] for (c,) in column]
    assert total.tolist() == (np.array(column) + np.array(row)).tolist()


@pytest.mark.parametrize("integer", ["uint8", "int8", "int16", "int32", "int64"])
def test_an_integer_and_a_float32_make_a_float32_tensor(integer):
    t = torch.ones(1, dtype=getattr(torch, integer)) + torch.ones(1)
    assert t.dtype == torch.float32


@pytest.mark.parametrize(
    ("integer", "result"),
    [
        ("int8", "float32"),
        ("int16", "float32"),
        ("int32", "float64"),
        ("int64", "float64"),
    ],
)
def test_numpy_widens_a_float32_for_wide_integers_only(integer, result):
    a = np.ones(1, dtype=integer) + np.ones(1, dtype="float32")
    assert a.dtype == result


def test_float32_holds_every_int16_and_not_every_int32():
    every = np.arange(-(2**15), 2**15)
    assert (every.astype("float32") == every).all()
    assert np.float32(2**24 + 1) == 2**24


def test_torch_std_divides_by_n_minus_1_and_numpy_std_by_n():
    numbers = [1.0, 2.0, 3.0, 4.0]
    squares = sum((n - 2.5) ** 2 for n in numbers)
    t, a = torch.tensor(numbers), np.array(numbers)
    assert t.std().item() == pytest.approx((squares / 3) ** 0.5)
    assert a.std() == pytest.approx((squares / 4) ** 0.5)
    assert t.std(correction=0).item() == pytest.approx(a.std())


def test_cov_divides_alike_in_both_and_var_needs_the_correction():
    a = np.array([[1.0, 2.0, 4.0], [0.0, 5.0, 3.0]])
    t = torch.from_numpy(a)
    np.testing.assert_allclose(torch.cov(t), np.cov(a))
    assert t.var(correction=0).item() == pytest.approx(a.var())
    assert t.var().item() != pytest.approx(a.var())


def test_a_matrix_product_has_one_sign_in_both():
    a = np.arange(24.0).reshape(2, 3, 4)
    t = torch.from_numpy(a)
    assert (t @ t.mT).tolist() == (a @ a.swapaxes(1, 2)).tolist()


def test_the_page_has_a_table_of_words():
    assert len(TABLE_ROW.findall(PAGE.read_text(encoding="utf-8"))) == 5


@pytest.mark.parametrize(
    ("numpy_word", "torch_word"),
    TABLE_ROW.findall(PAGE.read_text(encoding="utf-8")),
)
def test_both_words_of_a_table_row_give_the_same(numpy_word, torch_word):
    a = np.array([[1.5, 2.0, 3.0], [4.0, 5.0, 6.5]])
    names = {"np": np, "torch": torch, "a": a, "t": torch.tensor(a)}
    one, two = (
        np.asarray(eval(numpy_word, names)),
        np.asarray(eval(torch_word, names)),
    )
    assert one.dtype == two.dtype
    assert one.tolist() == two.tolist()


# Roles


def test_what_a_network_learns_is_in_tensors_and_its_settings_are_not():
    for layer in (nn.Dropout(0.3), nn.LayerNorm(4), nn.BatchNorm1d(4)):
        assert all(torch.is_tensor(t) for t in layer.state_dict().values())
        setting = layer.p if isinstance(layer, nn.Dropout) else layer.eps
        assert isinstance(setting, float)


def test_training_keeps_a_gradient_and_one_more_number_for_each_parameter():
    first, last = nn.Linear(2, 3), nn.Linear(3, 1)
    parameters = [*first.parameters(), *last.parameters()]
    optimizer = torch.optim.SGD(parameters, lr=0.1, momentum=0.9)
    x = torch.ones(5, 2)
    hidden = first(x).tanh()
    y = last(hidden)
    y.square().mean().backward()
    optimizer.step()
    data = [x, hidden, y]
    gradients = [p.grad for p in parameters]
    state = [value for p in parameters for value in optimizer.state[p].values()]
    assert all(
        isinstance(value, torch.Tensor)
        for value in [*data, *parameters, *gradients, *state]
    )
    assert [t.numel() for t in data] == [5 * 2, 5 * 3, 5 * 1]
    layers = (2 * 3 + 3) + (3 * 1 + 1)  # weights and biases
    for role in (parameters, gradients, state):
        assert sum(t.numel() for t in role) == layers == 13


def test_an_optimizer_step_changes_parameters_in_place():
    p = nn.Parameter(torch.ones(2))
    seen = p.detach()
    p.sum().backward()
    torch.optim.SGD([p], lr=0.5).step()
    assert seen.tolist() == p.tolist() == [0.5, 0.5]


# Pitfalls


def test_one_number_a_row_does_not_fit_until_it_is_a_column():
    per_row, table = [10, 20], [[1, 2, 3], [4, 5, 6]]
    text = (
        r"The size of tensor a \(2\) must match the size of tensor b \(3\) "
        "at non-singleton dimension 1"
    )
    with pytest.raises(RuntimeError, match=text):
        torch.tensor(per_row) + torch.tensor(table)
    mended = torch.tensor(per_row).reshape(2, 1) + torch.tensor(table)
    assert mended.tolist() == [
        [n + cell for cell in row] for n, row in zip(per_row, table, strict=True)
    ]


def test_torch_tensor_of_a_tensor_warns_copies_and_drops_tracking():
    t = torch.ones(2, requires_grad=True)
    with pytest.warns(UserWarning, match="To copy construct from a tensor"):
        copy = torch.tensor(t)
    assert copy.data_ptr() != t.data_ptr()
    assert copy.tolist() == [1.0, 1.0]
    assert not copy.requires_grad


def test_detach_clone_copies_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert torch.ones(2).detach().clone().tolist() == [1.0, 1.0]


def test_whole_numbers_make_an_int64_tensor_without_a_mean():
    t = torch.tensor([1, 2, 3, 4])
    assert t.dtype == torch.int64 == torch.long
    with pytest.raises(RuntimeError, match="could not infer output dtype.*Got: Long"):
        t.mean()
    assert t.float().mean().item() == np.array([1, 2, 3, 4]).mean() == 2.5


def test_integers_have_no_std_until_converted():
    t = torch.tensor([1, 2, 3, 4])
    with pytest.raises(RuntimeError, match="std and var only support floating point"):
        t.std()
    assert t.float().std().item() == pytest.approx((5 / 3) ** 0.5)


def test_rows_of_unlike_length_are_refused_until_padded():
    rows = [[1, 2], [3]]
    text = r"expected sequence of length 2 at dim 1 \(got 1\)"
    with pytest.raises(ValueError, match=text):
        torch.tensor(rows)
    tensors = [torch.tensor(row) for row in rows]
    padded = nn.utils.rnn.pad_sequence(tensors, batch_first=True)
    assert padded.tolist() == [[1, 2], [3, 0]]
    assert nn.utils.rnn.pad_sequence(tensors).tolist() == [[1, 3], [2, 0]]


@pytest.mark.parametrize("rest", [[[3, 2]], [[1], [2, 3], [4]], [[2.5]]])
def test_behind_an_empty_first_row_the_numbers_are_lost(rest):
    assert torch.tensor([[], *rest]).shape == (1 + len(rest), 0)
    with pytest.raises(ValueError, match="expected sequence of length 2 at dim 1"):
        torch.tensor([[3, 2], []])  # an empty row further down is refused


def test_a_reversed_array_is_the_same_memory_with_a_negative_stride():
    a = np.arange(4)
    backwards = a[::-1]
    assert np.shares_memory(a, backwards)
    assert backwards.strides == (-8,)


def test_torch_has_no_negative_strides():
    with pytest.raises(ValueError, match="step must be greater than zero"):
        torch.arange(4)[::-1]


@pytest.mark.parametrize("way", [torch.from_numpy, torch.tensor])
def test_a_reversed_array_is_refused_until_copied(way):
    backwards = np.arange(4)[::-1]
    with pytest.raises(ValueError, match="stride in the given numpy array is negative"):
        way(backwards)
    assert way(backwards.copy()).tolist() == [3, 2, 1, 0]


def test_uint8_wraps_at_256_in_torch_and_in_numpy():
    pixel, light = (torch.tensor([n], dtype=torch.uint8) for n in (200, 100))
    assert (pixel + light).item() == (200 + 100) % 256 == 44
    assert (pixel.numpy() + light.numpy()).item() == 44
    assert (pixel.int() + light).item() == 300


def test_the_method_sum_of_uint8_adds_in_int64():
    t = torch.full((3,), 200, dtype=torch.uint8)
    assert (t.sum().dtype, t.sum().item()) == (torch.int64, 600)
    assert (t + t).tolist() == [400 - 256] * 3


def test_a_history_of_detached_tensors_repeats_the_last_value():
    weight = torch.zeros(2, requires_grad=True)
    shared, copied = [], []
    for _ in range(3):
        with torch.no_grad():
            weight += 1
        shared.append(weight.detach())
        copied.append(weight.detach().clone())
    assert [w.tolist() for w in shared] == [[3.0, 3.0]] * 3
    assert [w.tolist() for w in copied] == [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]
