"""Each row of the cheat sheet, run in three libraries, and what the page says of it."""

import importlib
import re
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from harness.core import page
from harness.core.tree import HERE
from harness.site.tables import numpy_to_torch
from tests.claims_support import KERAS, drawn, keras, ops

pytestmark = KERAS

SHEET = numpy_to_torch.load(HERE)
ROWS = [
    pytest.param(row, id=f"{name}: {row.numpy}")
    for name, rows in SHEET.groups.items()
    for row in rows
]
LIBRARIES = ("numpy", "torch", "keras")
MODULES = {"np": np, "torch": torch, "F": F, "keras": keras, "ops": ops}


def start(library: str) -> SimpleNamespace:
    """The names of the sheet as one library holds them."""
    arrays = {
        name: np.array(one.value, dtype=one.dtype) for name, one in SHEET.names.items()
    }
    if library == "torch":
        arrays = {name: torch.from_numpy(a) for name, a in arrays.items()}
    if library == "keras":
        arrays = {name: ops.convert_to_tensor(a) for name, a in arrays.items()}
    return SimpleNamespace(**arrays, rng=np.random.default_rng(0))


def raw(names: SimpleNamespace, code: str):
    """The value of an expression."""
    return eval(code, MODULES | vars(names))


def plain(found):
    """A result as NumPy's: a tensor as an array, a type or a device as its name."""
    if isinstance(found, torch.Tensor):
        return found.detach().cpu().numpy()
    if isinstance(found, torch.dtype | torch.device):
        return str(found)
    if isinstance(found, tuple | list):
        return tuple(plain(part) for part in found)
    return found


def run(names: SimpleNamespace, code: str):
    return plain(raw(names, code))


def error(names: SimpleNamespace, code: str) -> str:
    """The name of the error or warning that an expression raises, or nothing."""
    try:
        raw(names, code)
    except Exception as found:
        return type(found).__name__
    return ""


def parts(found) -> list:
    return list(found) if isinstance(found, tuple) else [found]


def alike(one, two, aspect: str, tolerance: float = 1e-6) -> bool:
    """Whether two results agree in values, shape or dtype."""
    ones, twos = parts(one), parts(two)
    if len(ones) != len(twos):
        return False
    return all(_alike(a, b, aspect, tolerance) for a, b in zip(ones, twos, strict=True))


def _alike(one, two, aspect: str, tolerance: float) -> bool:
    if isinstance(one, tuple) or isinstance(two, tuple):
        return type(one) is type(two) and alike(one, two, aspect, tolerance)
    if aspect == "dtype":
        return _dtype(one) == _dtype(two)
    if aspect == "shape":
        return np.shape(one) == np.shape(two)
    if isinstance(one, str | None) or isinstance(two, str | None):
        return one == two
    return np.shape(one) == np.shape(two) and np.allclose(
        one, two, rtol=tolerance, atol=tolerance, equal_nan=True
    )


def _dtype(found):
    """The dtype's name; a Python number counts as what NumPy makes of it."""
    return "text" if isinstance(found, str | None) else np.asarray(found).dtype.name


def same(one, two) -> bool:
    return alike(one, two, "values")


def placed(device: str) -> str:
    """Where Keras puts a tensor inside of keras.device."""
    with keras.device(device):
        return ops.zeros(2).device.type


def execute(row, library: str) -> SimpleNamespace:
    """Run a row's code; what it gave is `out`."""
    names, code = start(library), getattr(row, library)
    names.out = None
    space = MODULES | vars(names)
    exec(row.setup, space)
    if row.shows:
        exec(code, space)
        space["out"] = eval(row.shows, space)
    else:
        space["out"] = eval(code, space)
    kept = {k: v for k, v in space.items() if k not in MODULES and k[0] != "_"}
    return SimpleNamespace(**kept)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_gives_the_same_in_each_library_except_where_it_says_so(row):
    libraries = [name for name in LIBRARIES if getattr(row, name)]
    ran = {library: execute(row, library) for library in libraries}
    results = [plain(names.out) for names in ran.values()]
    for aspect in get_args(numpy_to_torch.Aspect):
        agree = all(
            alike(results[0], other, aspect, row.tolerance) for other in results[1:]
        )
        # Of other shapes the values cannot agree either.
        implied = aspect == "values" and "shape" in row.unlike
        assert agree == (aspect not in row.unlike and not implied), (aspect, results)


@pytest.mark.parametrize("row", [p for p in ROWS if p.values[0].proof])
def test_what_a_row_says_of_a_difference_is_true(row):
    spaces = {"N": SimpleNamespace(), "T": SimpleNamespace(), "K": SimpleNamespace()}
    for letter, library in zip(spaces, LIBRARIES, strict=True):
        code = getattr(row, library)
        spaces[letter] = execute(row, library) if code else start(library)
    results = {
        letter.lower(): plain(getattr(names, "out", None))
        for letter, names in spaces.items()
    }
    helpers = {"run": run, "error": error, "same": same, "placed": placed}
    helpers["plain"] = plain
    for claim in row.proof:
        assert eval(claim, MODULES | spaces | results | helpers), claim


@pytest.mark.parametrize("row", [p for p in ROWS if p.values[0].absent])
def test_a_library_without_code_has_no_function_of_that_name(row):
    module, _, name = row.absent.rpartition(".")
    assert not hasattr(importlib.import_module(module), name)


def test_over_a_hundred_rows_but_not_all_are_there_in_all_three():
    whole = [row for (row,) in (p.values for p in ROWS) if not row.absent]
    assert 100 < len(whole) < len(ROWS)


def test_most_names_are_the_same_in_both_libraries():
    called = re.compile(r"[a-z]\w+(?=\()|(?<=\.)[a-z]\w+")
    pairs = [
        ({*called.findall(row.numpy)}, {*called.findall(row.torch)})
        for (row,) in (p.values for p in ROWS)
    ]
    same = [bool(one & two) for one, two in pairs if one and two]
    assert len(same) > 100 and sum(same) > 0.6 * len(same)


# The page


PAGE = page.Page(HERE, "tensors/numpy-to-torch.md")


def test_the_page_shows_every_group_and_no_row_that_is_not_run():
    shown = [i.section for i in PAGE.includes if i.snippet == "report/numpy_to_torch"]
    assert shown == ["names", *SHEET.groups]
    lines = numpy_to_torch.text(HERE).split("\n")
    heads = 2 * len(shown)
    rows = [line for line in lines if line.startswith("| ")]
    assert len(rows) == heads + len(SHEET.names) + len(ROWS)
    assert len(ROWS) > 100


def test_repeat_repeats_each_element_in_numpy_and_the_whole_in_torch():
    a, t = np.array([1, 2, 3]), torch.tensor([1, 2, 3])
    assert a.repeat(2).tolist() == [n for n in [1, 2, 3] for _ in range(2)]
    assert t.repeat(2).tolist() == [1, 2, 3] * 2 == np.tile(a, 2).tolist()
    assert t.tile(2).tolist() == t.repeat(2).tolist()
    assert t.repeat_interleave(2).tolist() == a.repeat(2).tolist()


def test_the_picture_shows_what_numpy_repeats():
    numbers = [text for text, *_ in drawn("tensors/repeat_in_cells") if text.isdigit()]
    a = np.array([1, 2, 3])
    expected = [*a.repeat(2), *np.tile(a, 2), *a.repeat(2)]
    assert numbers == [str(n) for n in expected]


def test_split_takes_a_count_in_numpy_and_a_size_in_torch():
    a, t = np.arange(6), torch.arange(6)
    assert [len(part) for part in np.split(a, 2)] == [3, 3]
    assert [len(part) for part in t.split(2)] == [2, 2, 2]
    assert [len(part) for part in t.tensor_split(2)] == [3, 3]


@pytest.mark.parametrize("name", ["min", "max", "sort", "median"])
def test_these_give_values_and_places_along_a_dimension(name):
    found = getattr(torch.tensor([[1.0, 5.0, 3.0]]), name)(dim=1)
    assert found.values.shape[0] == found.indices.shape[0] == 1
    assert found.indices.dtype == torch.int64


def test_torch_takes_the_lower_median():
    for count in range(2, 9, 2):
        numbers = torch.arange(float(count))
        assert numbers.median() == count / 2 - 1
        assert np.median(numbers.numpy()) == numbers.quantile(0.5) == count / 2 - 0.5


def test_quantile_takes_floating_point_and_at_most_16777216_numbers():
    with pytest.raises(RuntimeError, match="must be either float or double"):
        torch.tensor([1, 2, 3]).quantile(0.5)
    for dtype in (torch.float16, torch.bfloat16):
        with pytest.raises(RuntimeError, match="must be either float or double"):
            torch.ones(3, dtype=dtype).quantile(0.5)
    one = torch.ones(1)  # repeated without memory
    with pytest.raises(RuntimeError, match="input tensor is too large"):
        one.expand(16777216 + 1).quantile(0.5)


def test_the_limit_of_quantile_holds_for_what_it_reduces_at_a_time():
    rows = torch.ones(1, 1).expand(2, 16777216 + 1)
    with pytest.raises(RuntimeError, match="input tensor is too large"):
        rows.quantile(0.5, dim=1)
    with pytest.raises(RuntimeError, match="input tensor is too large"):
        rows.T.quantile(0.5, dim=0)


def test_repeat_refuses_fewer_counts_than_dimensions():
    x = torch.ones(2, 3)
    with pytest.raises(RuntimeError, match="can not be smaller than number of dim"):
        x.repeat(2)
    assert x.repeat(1, 2).tolist() == np.tile(x.numpy(), 2).tolist()
    assert x.numpy().repeat(2).shape == x.repeat_interleave(2).shape == (12,)


def test_zero_over_zero_is_nan_in_both():
    zero, seven = torch.tensor([0, -7, 7]) / 0, np.array([0, -7, 7])
    with np.errstate(divide="ignore", invalid="ignore"):
        assert np.array_equal(zero.numpy(), seven / 0, equal_nan=True)
    assert [str(n) for n in zero.tolist()] == ["nan", "-inf", "inf"]


def test_only_the_older_generator_of_numpy_can_draw_what_torch_draws():
    torch.manual_seed(0)
    theirs = torch.randint(0, 256, (6,)).tolist()
    assert np.random.RandomState(0).randint(0, 256, 6).tolist() == theirs
    assert np.random.default_rng(0).integers(0, 256, 6).tolist() != theirs


def test_keras_draws_other_numbers_after_one_seed_for_the_process():
    state = torch.get_rng_state()
    keras.utils.set_random_seed(0)
    found = plain(keras.random.uniform((3,)))
    torch.manual_seed(0)
    assert not np.allclose(found, torch.rand(3).numpy(), atol=1e-4)
    torch.set_rng_state(state)


def test_an_underscore_changes_the_tensor_itself_also_where_no_number_moves():
    x = torch.arange(6).reshape(2, 3)
    assert x.t_() is x
    assert x.shape == (3, 2)


@pytest.mark.parametrize("length", [3, 17, 1000])
def test_argmax_of_equal_numbers_is_the_first(length):
    assert torch.ones(length).argmax() == np.ones(length).argmax() == 0


def test_division_of_integers_rounds_down_and_trunc_cuts_off():
    for n in range(-9, 10):
        for divisor in (-4, -1, 2, 3):
            t = torch.tensor(n)
            assert t // divisor == n // divisor == np.array(n) // divisor
            assert t % divisor == n % divisor == np.array(n) % divisor
            cut = torch.div(t, divisor, rounding_mode="trunc")
            assert cut == int(n / divisor)


def test_an_integer_divided_by_zero_is_0_in_numpy_and_an_error_in_torch():
    with np.errstate(divide="ignore"):
        assert np.array([7]) // 0 == [0]
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.array([7]) // 0
    with pytest.raises(RuntimeError, match="^ZeroDivisionError$") as caught:
        torch.tensor([7]) // 0
    assert not isinstance(caught.value, ZeroDivisionError)
    with np.errstate(divide="ignore"):
        infinite = np.array([7.0]) / 0
    for divide in (torch.floor_divide, torch.remainder):
        with pytest.raises(RuntimeError, match="^ZeroDivisionError$"):
            divide(torch.tensor([7], dtype=torch.int32), 0)
    assert (torch.tensor([7]) / 0).item() == float("inf")
    assert (torch.tensor([7]) / 2).item() == 3.5  # not 3
    assert (torch.tensor([7.0]) / 0).tolist() == infinite.tolist() == [float("inf")]


def test_an_underscore_writes_in_place_and_the_plain_name_does_not():
    x = torch.tensor([1.0, 2.0])
    same = x
    assert x.add(1) is not x
    assert same.tolist() == [1.0, 2.0]
    assert x.add_(1) is x
    assert same.tolist() == [2.0, 3.0]
    x = x + 1
    assert same.tolist() == [2.0, 3.0]


def test_keras_returns_a_new_tensor_where_numpy_would_write():
    x = ops.zeros(2)
    assert ops.scatter_update(x, [[0]], [9.0]).tolist() == [9.0, 0.0]
    assert ops.slice_update(x, [1], ops.ones(1)).tolist() == [0.0, 1.0]
    assert x.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("seed", range(5))
def test_one_seed_gives_other_numbers_in_numpy_than_in_torch_and_keras(seed):
    torch.manual_seed(seed)
    mine = np.random.default_rng(seed).random(3)
    theirs = torch.rand(3).numpy()
    others = plain(keras.random.uniform((3,), seed=seed))
    assert not np.allclose(mine, theirs, atol=1e-4)
    assert theirs.tolist() == others.tolist()


def test_a_negative_step_is_refused_and_flip_copies():
    t = torch.arange(4)
    with pytest.raises(ValueError, match="step must be greater than zero"):
        t[::-1]
    assert t.flip(0).tolist() == np.arange(4)[::-1].tolist()
    assert t.flip(0).data_ptr() != t.data_ptr()


@pytest.mark.parametrize("seed", range(3))
def test_keras_draws_like_torch_from_two_functions_and_shuffles_otherwise(seed):
    torch.manual_seed(seed)
    theirs = torch.randn(3)
    assert plain(keras.random.normal((3,), seed=seed)).tolist() == theirs.tolist()
    torch.manual_seed(seed)
    order = torch.randperm(9).tolist()
    assert plain(keras.random.shuffle(ops.arange(9), seed=seed)).tolist() != order


def test_keras_counts_in_int32_with_exceptions():
    x, kind = ops.ones((2, 3)), keras.backend.standardize_dtype
    counts = ops.arange(3), ops.argmax(x), ops.argsort(x), ops.sum(x > 0)
    assert {kind(count.dtype) for count in counts} == {"int32"}
    assert {kind(one.dtype) for one in (ops.size(x), ops.top_k(x, 2)[1])} == {"int64"}
