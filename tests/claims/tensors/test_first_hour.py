"""What the page for the first hour claims, for other sizes, dtypes and kinds too."""

import pytest
import torch

from harness.core.page import Page
from harness.core.tree import HERE
from tests.claims_support import names_of, printed, program

T = torch.tensor([[1, 2, 3], [4, 5, 6]])

# What you need


def test_no_program_but_the_figures_needs_numpy():
    includes = Page(HERE, "tensors/first-hour.md").includes
    shown = [
        one.snippet
        for one in includes
        if (HERE.snippets / f"{one.snippet}.py").exists()
    ]
    programs = [text for text in map(program, shown) if not text.startswith("# figure")]
    assert len(programs) > 10 and not any("numpy" in text for text in programs)


# What a tensor is


def test_the_shape_lists_the_sizes_from_the_outside_in():
    blocks = torch.stack([T, T + 6])
    assert blocks.shape == (2, 2, 3)
    assert (blocks.ndim, blocks.numel()) == (3, 12)
    assert blocks[1].tolist() == [[7, 8, 9], [10, 11, 12]]
    assert (torch.tensor(1).shape, torch.tensor(1).ndim) == ((), 0)
    assert torch.tensor([1, 2, 3]).shape == (3,)


def test_a_whole_number_has_64_bits_and_lies_on_the_cpu_by_default():
    assert (T.dtype, T.element_size() * 8) == (torch.int64, 64)
    assert T.device == torch.device("cpu")


# Make a tensor


def test_arange_stops_before_its_end_and_linspace_includes_both():
    assert torch.arange(5).tolist() == [0, 1, 2, 3, 4]
    assert torch.arange(2, 8, 3).tolist() == [2, 5]
    line = torch.linspace(-1, 3, 9)
    assert (line[0], line[-1], len(line)) == (-1, 3, 9)
    assert torch.equal(line.diff(), torch.full((8,), 0.5))


def test_rand_lies_between_0_and_1_and_repeats_with_its_seed():
    torch.manual_seed(3)
    one = torch.rand(5000)
    assert one.min() >= 0 and one.max() < 1
    torch.manual_seed(3)
    assert torch.equal(one, torch.rand(5000))
    assert not torch.equal(one, torch.rand(5000))


@pytest.mark.parametrize("dtype", [torch.int8, torch.bool, torch.float64])
def test_zeros_like_takes_shape_dtype_and_device(dtype):
    t = torch.ones(3, 1, dtype=dtype)
    with torch.device("meta"):  # where new tensors go by default
        assert torch.zeros(1).device.type == "meta"
        like = torch.zeros_like(t)
    assert (like.shape, like.dtype, like.device) == (t.shape, t.dtype, t.device)
    assert not like.any()


def test_a_dot_is_printed_where_a_tensor_can_hold_fractions():
    for dtype in (torch.float16, torch.float32, torch.float64):
        assert "0." in str(torch.zeros(2, dtype=dtype))
    for dtype in (torch.int8, torch.int64, torch.bool):
        assert "." not in str(torch.zeros(2, dtype=dtype)).partition(", dtype")[0]


def test_the_numbers_choose_the_dtype():
    assert torch.tensor([1, 2]).dtype == torch.int64
    assert torch.tensor([1, 2.0]).dtype == torch.float32
    assert torch.tensor([[True], [False]]).dtype == torch.bool
    assert T.float().dtype == torch.float32


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int16, torch.int64])
def test_a_fraction_written_into_whole_numbers_is_cut_off(dtype):
    t = torch.tensor([10, 20], dtype=dtype)
    t[0] = 9.95
    t[1:] = 7.99
    assert t.tolist() == [9, 7]
    assert t.dtype == dtype


def test_a_second_name_is_the_same_tensor_and_a_clone_is_not():
    names = names_of("tensors/second_name_no_copy")
    assert names["b"] is names["a"]
    assert names["a"].tolist() == [9, 0, 0]
    assert names["copy"].tolist() == [0, 0, 0]
    b = a = torch.ones(2, dtype=torch.int64)
    b += 1  # in place as well
    assert a.tolist() == [2, 2]


def test_full_needs_its_shape_in_parentheses():
    assert torch.full((2, 0), 7).shape == (2, 0)
    with pytest.raises(TypeError, match="must be tuple of ints, not int"):
        torch.full(3, 7)


# Change the shape


def test_a_reshaped_tensor_may_share_its_numbers():
    t = torch.arange(6)
    t.reshape(2, 3)[0, 0] = 9
    assert t[0] == 9
    turned = torch.arange(6).reshape(2, 3).T
    turned.reshape(6)[0] = 9
    assert turned[0, 0] == 0


def test_minus_one_stands_for_the_size_that_is_left():
    assert torch.arange(24).reshape(2, -1, 4).shape == (2, 3, 4)
    with pytest.raises(RuntimeError, match="only one dimension can be inferred"):
        T.reshape(-1, -1)
    with pytest.raises(RuntimeError, match="is invalid for input of size 6"):
        T.reshape(4, -1)


def test_reshape_keeps_the_reading_order_and_the_transpose_does_not():
    t = torch.arange(20).reshape(4, 5)
    assert t.reshape(5, 4).flatten().tolist() == list(range(20))
    assert t.T.shape == t.reshape(5, 4).shape
    assert not torch.equal(t.T, t.reshape(5, 4))
    assert torch.equal(t.T[:, 1], t[1])


def test_unsqueeze_adds_a_dimension_and_squeeze_removes_it():
    row = torch.arange(4)
    assert row.unsqueeze(0).shape == (1, 4)
    assert row.unsqueeze(1).shape == (4, 1)
    assert torch.equal(row.unsqueeze(1).squeeze(1), row)


@pytest.mark.parametrize("size", [0, 2, 4])
def test_squeeze_does_nothing_where_the_size_is_not_1(size):
    t = torch.zeros(size, 1, 3)
    assert t.squeeze(0).shape == t.squeeze(2).shape == (size, 1, 3)
    assert t.squeeze(1).shape == (size, 3)


def test_squeeze_without_a_number_drops_the_batch_of_one_as_well():
    assert torch.zeros(1, 1, 5).squeeze().shape == (5,)
    assert torch.zeros(1, 1).squeeze().shape == ()
    assert torch.zeros(2, 1, 5).squeeze().shape == (2, 5)


# Compute


def test_arithmetic_takes_pairs_of_elements():
    a, b = torch.rand(3, 4), torch.rand(3, 4) + 1
    for got, want in [
        (a + b, lambda x, y: x + y),
        (a * b, lambda x, y: x * y),
        (a / b, lambda x, y: x / y),
        (a > b, lambda x, y: x > y),
    ]:
        for i in range(3):
            for j in range(4):
                assert got[i, j] == want(a[i, j], b[i, j])


def test_a_comparison_answers_for_each_element_and_equal_for_all():
    a = torch.tensor([1, 2, 3])
    assert (a == a.flip(0)).tolist() == [False, True, False]
    assert torch.equal(a, a.clone()) is True
    assert torch.equal(a, a.reshape(3, 1)) is False


def test_decimals_computed_in_two_ways_may_differ_by_rounding():
    for dtype in (torch.float32, torch.float64):
        one = torch.tensor([0.1, 0.2, 0.3], dtype=dtype) * 3
        two = torch.tensor([0.3, 0.6, 0.9], dtype=dtype)
        assert not torch.equal(one, two)
        assert torch.allclose(one, two)


def test_long_sums_and_16_bits_differ_by_more_than_allclose_allows():
    torch.manual_seed(0)
    a, b = torch.randn(64, 512), torch.randn(512, 64)
    exact = (a.double() @ b.double()).float()
    assert not torch.allclose(a @ b, exact)
    assert torch.allclose(a @ b, exact, atol=1e-3)
    for dtype in (torch.float16, torch.bfloat16):
        x, y = torch.randn(64, dtype=dtype), torch.randn(64, dtype=dtype)
        assert not torch.allclose((x * 3) * y, x * (3 * y))
        assert torch.allclose((x * 3) * y, x * (3 * y), atol=0.1)


def test_a_copy_with_nan_is_not_equal():
    t = torch.tensor([1.0, torch.nan])
    assert not torch.equal(t, t.clone()) and not torch.allclose(t, t.clone())
    assert (t == t).tolist() == [True, False]


def test_equal_compares_shape_and_numbers_and_no_dtype():
    assert torch.equal(torch.tensor([1, 2]), torch.tensor([1.0, 2.0]))
    assert not torch.equal(torch.ones(3), torch.ones(1, 3))  # allclose broadcasts
    assert torch.allclose(torch.ones(3), torch.ones(1, 3))
    with pytest.raises(RuntimeError, match="Float did not match Double"):
        torch.allclose(torch.ones(3), torch.ones(3).double())


@pytest.mark.parametrize("call", ["add", "gt", "eq", "allclose"])
def test_other_shapes_are_repeated_or_refused_but_not_by_equal(call):
    a, call = torch.ones(4, 2), getattr(torch, call)
    call(a, torch.ones(2)), call(a, torch.ones(4, 1))
    with pytest.raises(RuntimeError, match="must match the size"):
        call(a, torch.ones(4))
    assert torch.equal(a, torch.ones(4)) is False


def test_the_matrix_product_needs_equal_dtypes_and_the_star_converts():
    a, b = torch.ones(2, 2), torch.ones(2, 2, dtype=torch.int32)
    assert (a * b).dtype == torch.float32
    assert (b.to(torch.int8) * b.to(torch.uint8)).dtype == torch.int16
    with pytest.raises(RuntimeError, match="to have the same dtype"):
        a @ b


def test_the_matrix_product_multiplies_rows_with_columns():
    a, b = torch.randint(9, (2, 3)), torch.randint(9, (3, 4))
    product = a @ b
    assert product.shape == (2, 4)
    assert all(
        product[i, j] == sum(a[i, k] * b[k, j] for k in range(3))
        for i in range(2)
        for j in range(4)
    )
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        b @ a
    with pytest.raises(RuntimeError, match="must match"):
        a * b


def test_square_tables_fit_both_signs():
    a = torch.rand(4, 4)
    assert (a * a).shape == (a @ a).shape
    assert not torch.allclose(a * a, a @ a)
    for product in (torch.mul, torch.matmul):  # of two sizes they fit neither
        with pytest.raises(RuntimeError):
            product(a, torch.rand(3, 3))


# Sum along a dim


@pytest.mark.parametrize("call", ["sum", "mean", "amax", "argmax"])
@pytest.mark.parametrize("dim", [0, 1, 2])
def test_the_dimension_that_you_name_disappears(call, dim):
    t = torch.rand(2, 3, 4)
    left = [size for at, size in enumerate(t.shape) if at != dim]
    assert list(getattr(t, call)(dim=dim).shape) == left
    left.insert(dim, 1)
    assert list(getattr(t, call)(dim=dim, keepdim=True).shape) == left


def test_the_mean_of_whole_numbers_is_refused():
    with pytest.raises(RuntimeError, match="could not infer output dtype"):
        T.mean(dim=0)
    assert T.float().mean(dim=0).tolist() == [2.5, 3.5, 4.5]


def test_amax_is_the_largest_number_and_argmax_its_position():
    t = torch.tensor([[3, 9, -4], [7, -1, 8]])
    assert t.amax(dim=1).tolist() == [9, 8]
    assert t.argmax(dim=1).tolist() == [1, 2]
    assert t.amax(dim=0).tolist() == [7, 9, 8]
    assert t.argmax(dim=0).tolist() == [1, 0, 1]


def test_keepdim_needs_a_dim():
    with pytest.raises(TypeError, match="invalid combination of arguments"):
        T.sum(keepdim=True)


def test_dim_0_adds_the_rows_and_dim_1_the_columns():
    assert torch.equal(T.sum(dim=0), T[0] + T[1])
    assert torch.equal(T.sum(dim=1), T[:, 0] + T[:, 1] + T[:, 2])


def test_the_shares_of_a_square_table_are_wrong_without_keepdim():
    names = names_of("tensors/shares_of_each_row")
    assert names["wrong"].sum(dim=1).tolist() == pytest.approx([0.55, 1.3])
    t = names["t"]
    sums = t.sum(dim=1)
    assert torch.equal(names["wrong"][:, 0], t[:, 0] / sums[0])
    for size in (2, 5):
        t = torch.rand(size, size) + 0.1
        shares = t / t.sum(dim=1, keepdim=True)
        assert torch.allclose(shares.sum(dim=1), torch.ones(size))
        wrong = t / t.sum(dim=1)
        assert not torch.allclose(wrong.sum(dim=1), torch.ones(size))


def test_a_table_that_is_not_square_raises_an_error():
    before = "[[1.0, 3.0], [2.0, 8.0]]"
    with pytest.raises(RuntimeError, match="must match the size"):
        names_of(
            "tensors/shares_of_each_row", {before: "[[1.0, 3.0, 1.0], [2.0, 8.0, 1.0]]"}
        )
    column = torch.ones(3, 1)  # but a table of one column broadcasts
    assert (column / column.sum(dim=1)).shape == (3, 3)


# Join


def test_cat_makes_a_dimension_longer_and_stack_makes_a_new_one():
    a, b = torch.zeros(2, 3), torch.ones(4, 3)
    assert torch.cat([a, b]).shape == (6, 3)
    with pytest.raises(RuntimeError, match="must match except in dimension 1"):
        torch.cat([a, b], dim=1)
    with pytest.raises(RuntimeError, match="equal size"):
        torch.stack([a, b])
    for dim, shape in enumerate([(5, 2, 3), (2, 5, 3), (2, 3, 5)]):
        assert torch.stack([a] * 5, dim=dim).shape == shape


def test_cat_skips_an_empty_row_only():
    t = torch.ones(2, 3)
    assert torch.equal(torch.cat([torch.tensor([]), t]), t)
    with pytest.raises(RuntimeError, match="must match except in dimension 0"):
        torch.cat([torch.zeros(0, 2), t])  # an empty table is none
    with pytest.raises(RuntimeError, match="equal size"):
        torch.stack([torch.tensor([]), t])


@pytest.mark.filterwarnings("ignore:Converting a tensor with requires_grad")
def test_stack_keeps_the_gradients_of_losses_and_torch_tensor_does_not():
    w = torch.tensor(3.0, requires_grad=True)
    losses = [w * 2, w**2]
    assert not torch.tensor(losses).requires_grad
    torch.stack(losses).sum().backward()
    assert w.grad == 2 + 2 * 3


# Print


def test_an_element_is_a_tensor_and_item_makes_a_python_number():
    for t, kind in [(T, int), (T.double(), float), (T > 2, bool)]:
        assert isinstance(t[0, 0], torch.Tensor)
        assert type(t[0, 0].item()) is kind
    assert T.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_powers_of_ten_where_sizes_differ_much():
    assert "e" not in str(torch.tensor([1.0, 999.0])).removeprefix("tensor")
    assert "e+" in str(torch.tensor([0.5, 1000.5]))
    assert "1.2000e-04" in printed("tensors/one_number_out")


def test_four_digits_after_the_point_and_powers_of_ten_for_decimals_only():
    assert str(torch.tensor([-1234.56789])) == "tensor([-1234.5679])"
    assert "e" in str(torch.tensor([2e8, 3])).removeprefix("tensor")
    assert "e" in str(torch.tensor([0.00003])).removeprefix("tensor")
    whole = torch.tensor([10**15, 1, -3])
    assert "e" not in str(whole).removeprefix("tensor")


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_no_digits_after_the_point_where_all_numbers_are_whole(dtype):
    whole = torch.tensor([1.0, -12.0, float("inf")], dtype=dtype)
    assert str(whole).startswith("tensor([  1., -12.,  inf]")
    assert "e+03" in str(torch.tensor([1, 2000], dtype=dtype))  # powers all the same
    whole[0] = 0.5
    assert str(whole).startswith("tensor([  0.5000, -12.0000,      inf]")


def test_a_format_takes_one_element_and_not_a_row():
    t = torch.tensor([1.25, 2.5])
    assert f"{t[1]:.1f}" == "2.5"
    with pytest.raises(TypeError, match="unsupported format string"):
        f"{t:.1f}"


def test_print_options_change_the_look_only():
    t = torch.tensor([0.00012, 0.5])
    try:
        torch.set_printoptions(precision=2, sci_mode=False)
        assert str(t) == "tensor([0.00, 0.50])"
        assert t[0].item() == pytest.approx(0.00012)
    finally:
        torch.set_printoptions(profile="default")
    assert "1.2000e-04" in str(t)


def test_a_tensor_of_more_than_1000_numbers_is_printed_with_dots():
    assert "..." not in str(torch.arange(1000))
    assert "..." in str(torch.arange(1001))


# Devices


def test_a_tensor_moves_there_and_back():
    names = names_of("tensors/to_the_device_and_back")
    assert names["doubled"].device.type == names["device"].type
    assert names["doubled"].cpu().tolist() == [0, 2, 4]
    there = torch.ones(2, 0)
    assert there.to("cpu") is there.cpu() is there
    assert T.to("meta").device.type == "meta" and T.device.type == "cpu"


@pytest.mark.parametrize("shape", [(2,), (2, 3)])
def test_the_dtype_of_an_empty_row_counts(shape):
    whole = torch.ones(shape, dtype=torch.int64)
    assert torch.cat([torch.tensor([]), whole]).dtype == torch.float32
    empty = torch.tensor([], dtype=torch.int64)
    assert torch.cat([empty, whole]).equal(whole)


def test_arange_of_decimals_may_reach_its_end():
    assert len(torch.arange(1, 1.3, 0.1)) == 4 and len(torch.arange(0, 0.3, 0.1)) == 3
    assert all(len(torch.arange(n)) == n for n in range(9))
