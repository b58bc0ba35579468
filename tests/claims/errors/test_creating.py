"""What the page of errors of lists and arrays claims beyond what its programs print."""

import operator
import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.claims_support import printed

PAGE = Path(__file__).parents[3] / "docs" / "errors" / "creating.md"


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


@pytest.mark.parametrize("layer", [nn.Softmax(1), nn.Flatten(), nn.GroupNorm(1, 2)])
def test_not_every_layer_says_that_it_wants_a_tensor(layer):
    with pytest.raises((AttributeError, TypeError)) as caught:
        layer(np.ones((1, 2)))
    assert "must be Tensor" not in str(caught.value)
    assert "For some layers the message names" in PAGE.read_text(encoding="utf-8")


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


def test_float32_holds_every_bfloat16():
    bits = torch.arange(2**16, dtype=torch.int32).to(torch.int16)
    wide = bits.view(torch.bfloat16).float()
    back = wide.bfloat16().view(torch.int16)
    assert torch.equal(back[~wide.isnan()], bits[~wide.isnan()])


def test_size_is_a_method_here_and_a_number_in_numpy():
    x = torch.ones(2, 3)
    assert x.size() == x.shape and x.numel() == x.numpy().size == 6
    with pytest.raises(TypeError, match="object is not subscriptable"):
        x.size[0]
    with pytest.raises(TypeError, match="'torch.Size' object is not callable"):
        x.shape()


@pytest.mark.parametrize("join", [torch.cat, torch.stack])
def test_joining_takes_a_list_of_tensors(join):
    x = torch.ones(2)
    assert join((x, x)).sum() == join([x, x]).sum() == 4
    with pytest.raises(TypeError, match="must be tuple of Tensors, not Tensor"):
        join(x, x)
    with pytest.raises(TypeError, match="expected Tensor as element 1 in argument 0"):
        join([x, 1.0])


@pytest.mark.filterwarnings("ignore:To copy construct from a tensor")
def test_a_copy_by_torch_tensor_has_no_graph():
    w = torch.ones(2, requires_grad=True)
    assert torch.tensor(w * 2).grad_fn is None and (w * 2).clone().grad_fn


def test_numpy_makes_text_of_a_column_with_a_word_and_refuses_ragged_rows():
    assert np.array([1, "a"]).dtype.kind == "U"
    with pytest.raises(TypeError, match="numpy.str_"):
        torch.from_numpy(np.array([1, "a"]))
    with pytest.raises(ValueError, match="inhomogeneous"):
        np.array([[1], [1, 2]])


def test_an_empty_list_cannot_be_joined():
    with pytest.raises(RuntimeError, match="stack expects a non-empty TensorList"):
        torch.stack([])
    with pytest.raises(ValueError, match="expected a non-empty list of Tensors"):
        torch.cat((), dim=1)


@pytest.mark.parametrize("value", [[1, 2], np.ones(2), (1, 2), range(2)])
def test_a_part_of_a_tensor_takes_tensors_and_single_numbers(value):
    x = torch.zeros(3, 2)
    with pytest.raises(TypeError, match="can't assign a"):
        x[0] = value
    x[0], x[1] = torch.tensor(list(value)), np.float64(3)
    assert x[1].tolist() == [3, 3] and x[0].sum() > 0


@pytest.mark.filterwarnings("ignore:__array_wrap__ must accept:DeprecationWarning")
def test_an_array_on_the_right_of_a_tensor_is_converted():
    a, t = np.array([1.0, 2.0]), torch.tensor([3.0, 4.0])
    for wrong in (lambda: a - t, lambda: a @ t):
        with pytest.raises(TypeError, match="unsupported operand type"):
            wrong()
    with pytest.raises(TypeError, match="Concatenation operation is not implemented"):
        a + t
    for work in ("add", "sub", "mul", "truediv", "matmul"):
        ours = getattr(operator, work)(t, a)
        expected = getattr(operator, work)(t, torch.from_numpy(a).float())
        assert isinstance(ours, torch.Tensor) and ours.tolist() == expected.tolist()


def test_none_becomes_nan_in_an_array_of_objects():
    column = np.array([4, None, 2.5], dtype=object)
    with pytest.raises(TypeError, match="can't convert np.ndarray of type numpy.obj"):
        torch.from_numpy(column)
    assert torch.from_numpy(column.astype(np.float32)).isnan().tolist() == [0, 1, 0]


def test_a_tensor_has_no_append():
    assert not hasattr(torch.Tensor, "append")


@pytest.mark.parametrize("layer", [nn.LSTM(2, 2), nn.BatchNorm1d(2), nn.GRUCell(2, 2)])
def test_layers_that_ask_for_the_dimensions_first_say_so(layer):
    with pytest.raises(AttributeError, match="object has no attribute 'dim'"):
        layer(np.ones((1, 2)))


@pytest.mark.parametrize("number", [np.float64(5), np.int64(5), np.uint8(5), 5, True])
def test_a_row_takes_a_number_of_python_or_an_integer_of_numpy(number):
    x = torch.zeros(2, 3)
    x[1] = number
    assert x[1].tolist() == [float(number)] * 3
    for refused in (np.float32(5), np.bool_(True), np.array(5.0), (1, 2, 3)):
        with pytest.raises(TypeError, match="can't assign a"):
            x[0] = refused


def test_a_tensor_that_numpy_cannot_read_meets_no_array():
    a = np.array([1.0, 2.0])
    with pytest.raises(RuntimeError, match="Can't call numpy"):
        nn.Parameter(torch.ones(2)) * a
    with pytest.raises(TypeError, match="BFloat16"):
        torch.ones(2, dtype=torch.bfloat16) @ a


@pytest.mark.filterwarnings("ignore:__array_wrap__ must accept:DeprecationWarning")
@pytest.mark.parametrize("work", [operator.add, operator.mul, operator.matmul])
@pytest.mark.parametrize(
    ("t", "readable"),
    [
        (torch.ones(2), True),
        (torch.ones(2, dtype=torch.float16), True),
        (torch.ones(2, dtype=torch.uint16), True),
        (torch.ones(2).to(torch.float8_e4m3fn), False),
        (torch.ones(2).to_sparse(), False),
        (torch.ones(2, device="meta"), False),  # as on a GPU
    ],
)
def test_a_tensor_meets_an_array_if_numpy_can_read_it(work, t, readable):
    a = np.array([1.0, 2.0])
    for call in (t.numpy, lambda: work(t, a)):
        if readable:
            call()
        else:
            with pytest.raises(TypeError):
                call()
    assert "return a tensor if `t.numpy()` works" in PAGE.read_text(encoding="utf-8")


def test_a_list_of_arrays_cannot_be_stacked():
    with pytest.raises(TypeError, match=r"element 0 .* but got numpy\.ndarray"):
        torch.stack([np.ones(2)])


@pytest.mark.parametrize("name", ["unsqueeze", "to", "cuda", "permute", "dim"])
def test_arrays_have_other_methods_than_tensors(name):
    assert hasattr(torch.ones(1), name) and not hasattr(np.ones(1), name)
    with pytest.raises(AttributeError, match="^'list' object has no attribute"):
        getattr([1.0], name)


def test_view_of_an_array_is_another_dtype():
    assert np.ones(2).view(np.int64).dtype == np.int64
    with pytest.raises(TypeError, match="Cannot interpret '-1' as a data type"):
        np.ones(2).view(-1)


@pytest.mark.parametrize("make", [torch.zeros, torch.ones, torch.randn, torch.empty])
def test_a_float_is_no_size(make):
    with pytest.raises(TypeError, match="'size' .* must be tuple of ints, not float$"):
        make(4 / 2)
    with pytest.raises(TypeError, match="'size' .* must be tuple of ints, not float$"):
        make(4.0 // 2)
    assert make(4 // 2).shape == (2,)
    assert "Divide integers by `//`, not by `/`" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("call", "given"),
    [
        (lambda: torch.conv2d([1.0], torch.ones(1, 1, 1, 1)), "list, Tensor"),
        (lambda: torch.ones(2).mean("a"), "str"),
        (lambda: torch.randint(5), "int"),
        (lambda: torch.ones(2).view(1.0, 2), "float, int"),
    ],
)
def test_the_types_that_were_given_stand_behind_got(call, given):
    with pytest.raises(TypeError, match=rf"invalid combination of .* got \({given}\)"):
        call()


def test_python_guesses_a_name_that_is_spelt_alike(capsys):
    said = printed("errors/tensors/numpy_name_on_a_tensor").strip()
    assert said.endswith("has no attribute 'astype'. Did you mean: 'dtype'?")
    with pytest.raises(AttributeError) as raised:
        np.ones(2).reshap  # noqa: B018
    sys.__excepthook__(raised.type, raised.value, None)
    assert capsys.readouterr().err.strip().endswith("Did you mean: 'reshape'?")


def test_a_column_joins_a_table_on_its_right():
    table, column = torch.ones(2, 3), torch.zeros(2)
    with pytest.raises(RuntimeError, match="same number of dimensions: got 2 and 1"):
        torch.cat([table, column], dim=1)
    with pytest.raises(RuntimeError, match="Sizes of tensors must match"):
        torch.cat([table, column.unsqueeze(0)], dim=1)
    joined = torch.cat([table, column.unsqueeze(1)], dim=1)
    assert joined.tolist() == [[1, 1, 1, 0]] * 2


def test_numbers_as_text_are_converted_and_not_counted():
    texts = ["1.5", "2"]
    with pytest.raises(ValueError, match="too many dimensions 'str'"):
        torch.tensor(texts)
    assert torch.tensor([float(text) for text in texts]).tolist() == [1.5, 2]


@pytest.mark.parametrize("value", [[1, 2, 3], np.float32(1)])
def test_a_list_is_made_a_tensor_by_another_function_than_an_array(value):
    x = torch.zeros(2, 3)
    with pytest.raises(TypeError, match="can't assign a "):
        x[0] = value
    with pytest.raises(TypeError, match=r"expected np\.ndarray"):
        x[0] = torch.from_numpy(value)
    x[0] = torch.tensor(value)
    assert x.sum() in (3, 6)


def test_a_float_of_whole_division_is_converted():
    with pytest.raises(TypeError, match="'size' .* must be tuple of ints, not float$"):
        torch.zeros(10.0 // 2)
    assert torch.zeros(int(10 * 0.5)).shape == (5,)


@pytest.mark.filterwarnings("ignore:Converting a tensor with requires_grad=True")
def test_numbers_beside_tensors_are_converted_one_by_one():
    loss = torch.tensor(2.0, requires_grad=True)
    with pytest.raises(TypeError, match="element 0 .* but got float"):
        torch.stack([0.0, loss])
    assert not torch.tensor([0.0, loss]).requires_grad  # silently trains nothing
    assert torch.stack([torch.tensor(0.0), loss]).requires_grad
    with pytest.raises(RuntimeError, match="zero-dimensional tensor"):
        torch.cat([torch.tensor(0.0), loss.view(1)])
    assert torch.cat([torch.tensor([0.0]), loss.view(1)]).requires_grad


def test_one_size_stands_in_square_brackets():
    x = torch.ones(2, 3)
    with pytest.raises(TypeError, match="'torch.Size' object is not callable"):
        x.shape(0)
    assert x.shape[0] == x.size(0) == 2


@pytest.mark.parametrize("function", [torch.zeros, torch.cat, torch.ones(1).max])
def test_functions_take_no_index_either(function):
    with pytest.raises(TypeError, match="'builtin_function_or_method' object is not s"):
        function[0]


@pytest.mark.filterwarnings("ignore:To copy construct from a tensor")
def test_a_copy_of_a_tensor_keeps_its_dtype_unless_told():
    ids = torch.tensor([1, 2])
    wanted = torch.tensor(ids, dtype=torch.float32)
    assert ids.detach().clone().dtype == torch.int64
    assert torch.equal(ids.detach().clone().to(torch.float32), wanted)


@pytest.mark.filterwarnings("ignore:Creating a tensor from a list")
def test_a_list_of_arrays_keeps_its_type_only_in_the_same_call():
    rows = [np.zeros(2), np.ones(2)]
    assert torch.FloatTensor(rows).dtype == torch.float32
    assert torch.FloatTensor(np.array(rows)).dtype == torch.float32
    assert torch.tensor(np.array(rows)).dtype == torch.float64


def test_flip_takes_the_number_of_the_dimension():
    x = torch.arange(6).view(2, 3)
    with pytest.raises(ValueError, match="step must be greater than zero"):
        x[:, ::-1]
    assert x.flip(1).tolist() == x.numpy()[:, ::-1].tolist() != x.flip(0).tolist()


def test_a_reversed_array_ends_the_program_without_a_value_error():
    """torch 2.13 ends the process; a newer one may raise a RuntimeError instead."""
    work = "import numpy, torch; torch.from_dlpack(numpy.arange(4)[::-1])"
    ended = subprocess.run([sys.executable, "-c", work], capture_output=True, text=True)
    assert ended.returncode != 0 and "ValueError" not in ended.stderr
    assert "Storage size calculation overflowed" in ended.stderr
    if torch.__version__.startswith("2.13"):
        assert "terminate called after throwing" in ended.stderr
        assert "Traceback" not in ended.stderr  # so no `except` sees it
    copied = torch.from_dlpack(np.arange(4)[::-1].copy())
    assert copied.tolist() == [3, 2, 1, 0]
