"""What the page about dtypes claims, held against NumPy and arithmetic by hand."""

import struct
import warnings
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import torch

BOTH = "bool uint8 int8 int16 int32 int64 float16 float32 float64".split()
BOTH += ["complex64", "complex128"]
KINDS = ["bool", "integer", "float", "complex"]
# Where NumPy takes a type that holds every integer, and torch does not.
WIDER = {
    ("int16", "float16"): ("float16", "float32"),
    ("int32", "float16"): ("float16", "float64"),
    ("int64", "float16"): ("float16", "float64"),
    ("int32", "float32"): ("float32", "float64"),
    ("int64", "float32"): ("float32", "float64"),
    ("int32", "complex64"): ("complex64", "complex128"),
    ("int64", "complex64"): ("complex64", "complex128"),
}
# float16 next to a complex number makes complex32, of which torch warns once.
pytestmark = pytest.mark.filterwarnings("ignore:ComplexHalf support:UserWarning")
DRAWN = [getattr(torch, name) for name in BOTH[:-1]] + [torch.bfloat16]


def kind(dtype: torch.dtype) -> str:
    if dtype == torch.bool:
        return "bool"
    if dtype.is_complex:
        return "complex"
    return "float" if dtype.is_floating_point else "integer"


# What two of them become


@pytest.mark.parametrize(("one", "two"), [*product(BOTH, BOTH)])
def test_promotion_is_numpys_except_for_seven_pairs(one, two):
    in_torch = str(torch.promote_types(getattr(torch, one), getattr(torch, two)))[6:]
    in_numpy = np.promote_types(one, two).name
    pair = WIDER.get((one, two)) or WIDER.get((two, one))
    assert (in_torch, in_numpy) == (pair or (in_numpy, in_numpy))
    if pair:
        assert in_torch != in_numpy


def test_numpy_has_no_bfloat16():
    assert not hasattr(np, "bfloat16")


@pytest.mark.parametrize(("one", "two"), [*product(DRAWN, DRAWN)])
def test_the_sum_of_two_tensors_has_the_type_of_the_table(one, two):
    result = torch.promote_types(one, two)
    total = torch.ones(2, dtype=one) + torch.ones(2, dtype=two)
    assert total.dtype == result == torch.promote_types(two, one)
    assert kind(result) == max(kind(one), kind(two), key=KINDS.index)


@pytest.mark.parametrize(("one", "two"), [*product(DRAWN, DRAWN)])
def test_an_integer_never_widens_a_floating_point_or_complex_type(one, two):
    if kind(one) in ("bool", "integer") and kind(two) in ("float", "complex"):
        assert torch.promote_types(one, two) == two


def test_a_new_type_appears_for_three_pairs_only():
    new = {
        frozenset((one, two)): torch.promote_types(one, two)
        for one, two in product(DRAWN, DRAWN)
        if torch.promote_types(one, two) not in (one, two)
    }
    assert new == {
        frozenset((torch.uint8, torch.int8)): torch.int16,
        frozenset((torch.float16, torch.bfloat16)): torch.float32,
        frozenset((torch.complex64, torch.float64)): torch.complex128,
    }


@pytest.mark.parametrize(("one", "two"), [*product(DRAWN, DRAWN)])
def test_a_tensor_without_dimensions_counts_only_by_a_higher_kind(one, two):
    total = torch.ones(2, dtype=one) + torch.ones((), dtype=two)
    if KINDS.index(kind(two)) <= KINDS.index(kind(one)):
        assert total.dtype == one
    else:
        assert kind(total.dtype) == kind(two)


@pytest.mark.parametrize("dtype", DRAWN)
@pytest.mark.parametrize("number", [True, 1, 1.0, 1j])
def test_a_python_number_counts_only_by_a_higher_kind(dtype, number):
    total = torch.ones(2, dtype=dtype) + number
    assert total.dtype == torch.result_type(torch.ones(2, dtype=dtype), number)
    brought = {bool: torch.bool, int: torch.int64, float: torch.float32}
    if isinstance(number, complex):
        halves = {torch.float16: torch.complex32, torch.float64: torch.complex128}
        expected = dtype if dtype.is_complex else halves.get(dtype, torch.complex64)
    elif KINDS.index(kind(torch.tensor(number).dtype)) <= KINDS.index(kind(dtype)):
        expected = dtype
    else:
        expected = brought[type(number)]
    assert total.dtype == expected


@pytest.mark.parametrize("number", [1j, "complex64", "complex128"])
def test_next_to_a_complex_number_a_floating_point_tensor_decides_the_size(number):
    if isinstance(number, str):
        number = torch.ones((), dtype=getattr(torch, number))
    for x, result in [
        (torch.float16, torch.complex32),
        (torch.bfloat16, getattr(torch, "bcomplex32", torch.complex64)),
        (torch.float32, torch.complex64),
        (torch.float64, torch.complex128),
    ]:
        assert torch.result_type(torch.ones(2, dtype=x), number) == result


def test_a_python_number_is_weaker_than_a_tensor_without_dimensions():
    i = torch.ones(2, dtype=torch.int32)
    assert (i + torch.ones((), dtype=torch.float64)).dtype == torch.float64
    assert (i + 1.0).dtype == torch.float32


def test_a_slice_has_a_dimension_and_changes_the_type():
    wide = torch.ones(2, dtype=torch.float64)
    for dtype in (torch.float16, torch.int32):
        x = torch.ones(2, dtype=dtype)
        assert (x + wide[:1]).dtype == torch.float64
    assert (torch.ones(2, dtype=torch.float16) + wide[0]).dtype == torch.float16


# The list and the default


@pytest.mark.parametrize("name", ["float16", "float32", "float64"])
def test_the_limits_of_floating_point_are_numpys(name):
    ours, theirs = torch.finfo(getattr(torch, name)), np.finfo(name)
    assert (ours.max, ours.eps, ours.bits) == (theirs.max, theirs.eps, theirs.bits)
    assert ours.min == -ours.max


@pytest.mark.parametrize("name", ["uint8", "int8", "int16", "int32", "int64"])
def test_the_limits_of_integers_follow_from_their_bits(name):
    info = torch.iinfo(getattr(torch, name))
    half = 2 ** (info.bits - 1)
    expected = (0, 2 * half - 1) if name == "uint8" else (-half, half - 1)
    assert (info.min, info.max) == expected


def test_the_limits_of_bfloat16_follow_from_its_8_and_7_bits():
    info = torch.finfo(torch.bfloat16)
    assert info.max == (2 - 2**-7) * 2.0**127
    assert info.eps == 2**-7
    assert info.min == -info.max


@pytest.mark.parametrize("dtype", [d for d in DRAWN if d.is_floating_point])
def test_eps_is_the_gap_after_one(dtype):
    one, eps = torch.ones((), dtype=dtype), torch.finfo(dtype).eps
    assert one + eps > one
    assert one + eps / 2 == one


def test_a_second_name_is_the_same_object():
    assert torch.half is torch.float16
    assert torch.float is torch.float32
    assert torch.double is torch.float64
    assert torch.int is torch.int32
    assert torch.long is torch.int64


@pytest.fixture
def float64_by_default():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def test_the_default_decides_decimal_numbers_and_divisions(float64_by_default):
    i = torch.tensor([1, 2])
    for t in (torch.tensor([1.5]), torch.zeros(2), i / 2, i + 0.5):
        assert t.dtype == torch.float64
    assert i.dtype == torch.arange(3).dtype == torch.int64


# Precision and range


def nearest(number: Fraction, digits: int) -> Fraction:
    """The nearest number with so many binary digits, a tie to the even one."""
    unit = Fraction(1)
    while number / unit >= 2**digits:
        unit *= 2
    while number / unit < 2 ** (digits - 1):
        unit /= 2
    return round(number / unit) * unit


DIGITS = {torch.float32: 24, torch.float16: 11, torch.bfloat16: 8}


@pytest.mark.parametrize("dtype", DIGITS)
def test_sums_are_rounded_to_the_binary_digits_of_the_type(dtype):
    for number in (256, 2048):
        total = (torch.tensor(float(number), dtype=dtype) + 1).item()
        assert total == nearest(Fraction(number + 1), DIGITS[dtype])
    third = (torch.ones((), dtype=dtype) / 3).item()
    assert Fraction(third) == nearest(Fraction(1, 3), DIGITS[dtype])


def test_float16_ends_at_65504_and_goes_to_infinity():
    most = torch.tensor(65504.0, dtype=torch.float16)
    assert most == torch.finfo(torch.float16).max
    assert (most + 16).isinf()
    assert struct.unpack("e", struct.pack("e", 65504.0))[0] == 65504.0
    with pytest.raises(OverflowError):
        struct.pack("e", 65520.0)


def test_float16_is_infinite_from_halfway_to_the_next_number():
    x = torch.tensor([65505.0, 65519.0, 65520.0]).half()
    assert x.tolist() == [65504.0, 65504.0, float("inf")]


def test_float16_is_finer_than_bfloat16_except_near_zero():
    def gap(dtype, number):
        x = torch.tensor([number], dtype=dtype)
        return ((x.view(torch.int16) + 1).view(dtype).double() - x.double()).item()

    for power in range(-20, 15):
        half, brain = (gap(d, 2.0**power) for d in (torch.float16, torch.bfloat16))
        assert (half < brain) == (power > -17)


def test_below_a_power_of_two_the_gap_is_half_as_large():
    x = torch.tensor(256.0, dtype=torch.bfloat16)
    assert x + 0.75 == 256
    assert x - 0.75 == 255


@pytest.mark.parametrize("dtype", DIGITS)
def test_less_than_half_of_the_gap_above_is_lost_and_not_always_below(dtype):
    for number in (1.0, -1.0, 3.0, -2.5):
        x = torch.tensor(number, dtype=dtype)
        after = torch.nextafter(x, torch.tensor(torch.inf, dtype=dtype))
        part = 0.45 * (after - x)
        assert part > 0 and x + part == x
    assert torch.ones((), dtype=dtype) - 0.45 * torch.finfo(dtype).eps < 1


def test_bfloat16_reaches_about_as_far_as_float32():
    ratio = torch.finfo(torch.bfloat16).max / torch.finfo(torch.float32).max
    assert 0.99 < ratio < 1


@pytest.mark.parametrize(
    ("dtype", "smallest"),
    [(torch.float16, 2.0**-24), (torch.bfloat16, 2.0**-133)],
)
def test_numbers_below_the_smallest_gap_become_zero(dtype, smallest):
    assert torch.tensor(smallest, dtype=torch.float64).to(dtype) == smallest
    assert torch.tensor(smallest / 4, dtype=torch.float64).to(dtype) == 0


@pytest.mark.parametrize("dtype", DIGITS)
def test_the_gap_doubles_where_the_number_doubles(dtype):
    bits = torch.int32 if dtype == torch.float32 else torch.int16
    for power in range(-10, 15):
        x = torch.tensor([2.0**power], dtype=dtype)
        gap = (x.view(bits) + 1).view(dtype).double() - x.double()
        assert gap == 2.0**power * torch.finfo(dtype).eps
        assert x + gap.item() / 4 == x


# Conversions


def test_a_conversion_to_integers_cuts_the_fraction_off():
    numbers = [2.7, -2.7, 0.5, -0.5, 3.0]
    t = torch.tensor(numbers)
    assert t.int().tolist() == [int(n) for n in numbers]
    assert t.int().tolist() == np.array(numbers).astype("int32").tolist()
    assert t.round().int().tolist() == [round(n) for n in numbers]


def test_everything_but_zero_is_true():
    assert torch.tensor([0.5, -1.0, 0.0]).bool().tolist() == [True, True, False]
    assert torch.tensor([float("nan"), float("inf")]).bool().tolist() == [True, True]


def test_numbers_outside_of_the_integer_type_convert_without_an_error():
    for number in (float("nan"), float("inf"), 3e9, -3e9):
        meaningless = torch.tensor([number]).int().item()
        assert meaningless != number


@pytest.mark.parametrize("name", ["uint8", "int8", "int32", "int64"])
def test_integers_start_again_at_the_other_end(name):
    info = torch.iinfo(getattr(torch, name))
    most = torch.tensor([info.max], dtype=getattr(torch, name))
    assert (most + 1).item() == info.min
    assert (most.numpy() + np.array([1], dtype=name)).item() == info.min


def test_a_wider_element_without_dimensions_does_not_keep_pixels_from_wrapping():
    picture = torch.tensor([[200, 10]], dtype=torch.uint8)
    light = torch.tensor([100, 100], dtype=torch.uint8)
    assert (picture + light[0].int()).tolist() == [[44, 110]]
    assert (picture.int() + light[0]).tolist() == [[300, 110]]
    assert (picture + light.int()).tolist() == [[300, 110]]
    assert (picture + torch.tensor(100)).tolist() == [[44, 110]]


def test_a_bool_plus_a_bool_is_a_bool_and_a_sum_counts():
    mask = torch.tensor([True, True, False])
    assert (mask + mask).tolist() == [True, True, False]
    assert (mask.numpy() + mask.numpy()).tolist() == [True, True, False]
    assert mask.sum().dtype == torch.int64
    assert mask.sum() == 2


def test_a_float8_type_stores_and_does_not_add():
    x = torch.tensor([0.1, 1.0, 3.3])
    small = x.to(torch.float8_e4m3fn)
    assert small.element_size() == 1
    expected = [float(nearest(Fraction(n), 4)) for n in (0.1, 1.0, 3.3)]
    assert small.float().tolist() == expected
    assert torch.finfo(torch.float8_e4m3fn).max == 1.75 * 2**8
    with pytest.raises(NotImplementedError, match="not implemented for 'Float8_e4m3"):
        small + small


def test_float8_is_multiplied_as_a_matrix_and_not_by_element():
    x = torch.ones(16, 16, dtype=torch.float8_e4m3fn)
    assert (x @ x).float().unique().tolist() == [16.0]
    for fails in (lambda: x + x, lambda: x * 2, x.sum):
        with pytest.raises(NotImplementedError, match="Float8_e4m3fn"):
            fails()


def test_a_complex_number_has_two_halves():
    z = torch.tensor([3 + 4j])
    assert z.dtype == torch.complex64
    assert z.real.dtype == z.imag.dtype == torch.float32
    assert z.abs() == abs(3 + 4j) == 5
    assert z.element_size() == 2 * z.real.element_size()


# Pitfalls


def test_a_float_does_not_fit_into_integers_in_place():
    i = torch.tensor([1, 2, 3])
    with pytest.raises(RuntimeError, match="can't be cast to the desired output type"):
        i += 0.5
    assert (i + 0.5).tolist() == [1.5, 2.5, 3.5]
    x = i.float()
    x += 0.5
    assert x.tolist() == [1.5, 2.5, 3.5]
    with pytest.raises(TypeError, match="Cannot cast ufunc"):  # as in NumPy
        i.numpy().__iadd__(0.5)


def test_bfloat16_goes_to_numpy_by_float32_without_loss():
    x = torch.arange(-1000, 1000).to(torch.bfloat16)
    with pytest.raises(TypeError, match="Got unsupported ScalarType BFloat16"):
        x.numpy()
    back = torch.from_numpy(x.float().numpy()).to(torch.bfloat16)
    assert torch.equal(back, x)


def test_making_a_tensor_checks_the_number_and_converting_does_not():
    text = "value cannot be converted to type int32 without overflow"
    with pytest.raises(RuntimeError, match=text):
        torch.tensor(2**40, dtype=torch.int32)
    assert torch.tensor(2**40).dtype == torch.int64
    assert torch.tensor(2**40 + 5).int() == (2**40 + 5) % 2**32


@pytest.mark.parametrize(
    ("number", "dtype"), [(70000.0, torch.float16), (70000, torch.float16)]
)
def test_a_number_too_large_for_floating_point_becomes_infinite(number, dtype):
    assert torch.tensor(number, dtype=dtype).isinf()
    with pytest.raises(RuntimeError, match="without overflow"):
        torch.tensor(number, dtype=torch.int16)


@pytest.mark.parametrize("other", [torch.float32, torch.int64, torch.bfloat16])
def test_float8_has_no_promotion(other):
    with pytest.raises(RuntimeError, match="Promotion for Float8 Types is not"):
        torch.promote_types(torch.float8_e4m3fn, other)


def test_a_number_of_numpy_keeps_its_type_where_a_python_number_does_not():
    assert torch.tensor([np.float64(1.5)]).dtype == torch.float64
    assert torch.tensor([1.5]).dtype == torch.float32


@pytest.mark.parametrize("name", ["uint8", "uint16", "uint32"])
def test_minus_one_becomes_the_largest_unsigned_number_without_an_error(name):
    dtype = getattr(torch, name)
    assert torch.tensor(-1, dtype=dtype).item() == torch.iinfo(dtype).max


def test_making_a_tensor_does_not_check_the_numbers_of_an_array():
    with pytest.raises(RuntimeError, match="without overflow"):
        torch.tensor(300, dtype=torch.uint8)
    assert torch.tensor(np.array([300]), dtype=torch.uint8).item() == 300 - 256


@pytest.mark.parametrize("name", ["uint16", "uint32", "uint64"])
def test_the_wider_unsigned_types_meet_no_other_integer(name):
    x = torch.tensor([40000], dtype=getattr(torch, name))
    for other in (torch.uint8, torch.int32, torch.int64):
        with pytest.raises(RuntimeError, match="Promotion for uint16, uint32, uint64"):
            x + torch.tensor([1], dtype=other)
    with pytest.raises(NotImplementedError, match="add_stub"):
        x + x  # not even its own kind
    assert (x.long() + 1).item() == 40001


def test_large_numbers_of_uint32_become_negative_in_int_and_not_in_long():
    x = torch.tensor([3_000_000_000], dtype=torch.uint32)
    assert x.int() < 0 and x.long() == 3_000_000_000


def test_large_numbers_of_uint64_lose_bits_in_int_and_not_in_long():
    x = torch.tensor([2**40 + 5], dtype=torch.uint64)
    assert x.int() == 5 and x.long() == 2**40 + 5
    most = torch.tensor([2**63], dtype=torch.uint64)
    assert most.long() < 0


def test_no_conversion_of_the_page_warns():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        torch.tensor([2.7]).int()
        torch.tensor(2**40).int()
        torch.tensor([0.1]).to(torch.float8_e4m3fn).float()
