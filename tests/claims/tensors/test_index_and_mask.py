"""What the page about indexing claims, held against plain Python loops."""

import pytest
import torch

from tests.claims_support import names_of

# Numbers and slices


def table(rows=3, columns=4):
    return torch.arange(rows * columns).reshape(rows, columns)


def test_each_position_stands_for_one_dimension():
    for rows, columns in [(3, 4), (5, 2)]:
        t = table(rows, columns)
        lists = t.tolist()
        assert t[1, 1] == lists[1][1]
        assert t[-1].tolist() == lists[-1]
        assert t[:, -1].tolist() == [row[-1] for row in lists]
        assert t[:2, 1:3].tolist() == [row[1:3] for row in lists[:2]]
        assert t[:, ::2].tolist() == [row[::2] for row in lists]


@pytest.mark.parametrize("dim", [0, 1, 2])
def test_a_number_removes_its_dimension_and_a_slice_keeps_it(dim):
    t = torch.zeros(2, 3, 4)
    before = (slice(None),) * dim
    assert t[(*before, 1)].ndim == 2
    kept = t[(*before, slice(1, 2))]
    assert (kept.ndim, kept.shape[dim]) == (3, 1)


def test_a_slice_past_the_end_is_shorter_and_a_number_raises():
    t = table()
    assert len(t[1:9]) == 2
    assert len(t[7:9]) == 0
    for at in (3, -4):
        with pytest.raises(IndexError, match="out of bounds"):
            t[at]
    with pytest.raises(ValueError, match="step must be greater than zero"):
        t[::-1]


# Rows


def test_a_slice_without_a_start_or_a_stop_begins_or_ends_with_the_table():
    t = table(5, 2)
    assert torch.equal(t[:3], t[0:3]) and torch.equal(t[-2:], t[3:5])
    assert torch.equal(t[:], t) and t[5:].shape == (0, 2)


@pytest.mark.parametrize("kind", [list, torch.tensor])
def test_a_list_picks_rows_in_its_order_and_may_repeat_them(kind):
    t = table(5, 2)
    assert t[kind([4, 0, 0])].tolist() == [t[4].tolist(), [0, 1], [0, 1]]


def test_a_mask_of_labels_keeps_the_rows_with_that_label():
    x, y = table(6, 2), torch.tensor([2, 0, 1, 2, 2, 0])
    want = [row for row, label in zip(x.tolist(), y.tolist(), strict=True) if label > 1]
    assert x[y == 2].tolist() == want


@pytest.mark.parametrize("seed", range(3))
def test_one_order_keeps_samples_and_labels_together(seed):
    torch.manual_seed(seed)
    x, y = torch.arange(50).unsqueeze(1), torch.arange(50)
    order = torch.randperm(50)
    assert order.sort().values.tolist() == list(range(50))
    assert torch.equal(x[order].squeeze(1), y[order])
    assert not torch.equal(x[order].squeeze(1), y[torch.randperm(50)])


def test_an_order_of_its_own_gives_many_but_perhaps_not_most_a_wrong_label():
    torch.manual_seed(0)
    for classes, low, high in [(2, 0.4, 0.6), (10, 0.8, 1)]:
        y = torch.arange(1000) % classes
        other = y[torch.randperm(1000)] != y[torch.randperm(1000)]
        assert low < other.float().mean() < high


# Masks


@pytest.mark.parametrize("shape", [(4,), (2, 3), (2, 3, 4)])
def test_a_mask_of_the_same_shape_gives_one_dimension(shape):
    t = torch.randn(shape)
    mask = t > 0
    assert mask.dtype == torch.bool
    assert t[mask].ndim == 1
    assert t[mask].tolist() == [x for x in t.flatten().tolist() if x > 0]
    assert mask.sum() == len(t[mask])


def test_a_mask_of_the_rows_keeps_the_columns():
    t = table()
    assert t[torch.tensor([True, False, True])].shape == (2, 4)


def test_masks_are_combined_by_signs_and_not_by_words():
    t = torch.tensor([3, -1, -2, 5])
    assert t[(t > 0) & (t < 4)].tolist() == [3]
    assert t[(t < 0) | (t > 4)].tolist() == [-1, -2, 5]
    assert t[~(t > 0)].tolist() == [-1, -2]
    for wrong in ("(t > 0) and (t < 4)", "not (t > 0)", "t > 0 & t < 4"):
        with pytest.raises(RuntimeError, match="more than one value is ambiguous"):
            eval(wrong)
    one = torch.tensor([3])
    assert bool((one > 0) and (one < 4))  # a single element passes


def test_one_missing_pair_of_parentheses_is_silently_wrong():
    t = torch.tensor([3, -1, -2, 5])
    assert torch.equal(t > 0 & (t < 4), t > (0 & (t < 4)))
    assert (t > 0 & (t < 4)).tolist() == [True, False, False, True]
    assert ((t > 0) & (t < 4)).tolist() == [True, False, False, False]


@pytest.mark.parametrize("size", [0, 1, 5])
def test_any_asks_for_one_true_and_all_for_nothing_else(size):
    ones = torch.ones(size, dtype=torch.bool)
    assert bool(ones.any()) is any([True] * size)
    assert ones.all() and not (~ones).any()
    assert bool((~ones).all()) is (size == 0)


# where


def test_where_makes_a_new_tensor_and_a_mask_writes_into_the_old():
    t = torch.randn(3, 3)
    old = t.clone()
    made = torch.where(t > 0, t, 0)
    assert torch.equal(t, old)
    t[t < 0] = 0
    assert torch.equal(made, t)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float64, torch.int8])
def test_both_ways_replace_the_same_elements(dtype):
    t = torch.tensor([3, -1, 0, -7], dtype=dtype)
    if dtype.is_floating_point:
        t[0] = torch.nan
    made = torch.where(t < 0, 0, t)
    assert made.dtype == dtype
    t[t < 0] = 0
    assert torch.allclose(made, t, equal_nan=True)
    assert made[1] == made[3] == 0 and made[0].isnan() == dtype.is_floating_point


def test_autograd_may_need_the_old_numbers():
    w = torch.tensor([1.0, -2.0], requires_grad=True)
    h = w.exp()
    loss = torch.where(h > 1, h, 0).sum()
    loss.backward()
    assert torch.allclose(w.grad, torch.tensor([torch.e, 0.0]))
    h = w.exp()
    h[h < 1] = 0
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        h.sum().backward()


def test_where_lets_nan_into_the_gradient_from_the_other_side():
    w = torch.tensor(0.0, requires_grad=True)
    torch.where(w > 0, w.sqrt(), 0.0 * w.detach()).backward()
    assert w.grad.isnan() and w.sqrt() == 0  # a finite side


@pytest.mark.parametrize("bad", [lambda w: w.log(), lambda w: (1e9 * (1 - w)).exp()])
def test_infinity_that_is_computed_lets_nan_in_and_a_constant_does_not(bad):
    w = torch.tensor(0.0, requires_grad=True)
    assert bad(w).isinf()
    torch.where(w > 0, bad(w), 0.0).backward()
    assert w.grad.isnan()
    w.grad = None
    torch.where(w > 0, -torch.inf, w).backward()
    assert w.grad == 1


@pytest.mark.parametrize("shape", [(5,), (2, 3), (2, 3, 4)])
def test_positions_as_rows_or_as_one_tensor_for_each_dimension(shape):
    torch.manual_seed(0)
    t = torch.randn(shape)
    assert (t < 0).nonzero().shape == ((t < 0).sum(), len(shape))
    places = torch.where(t < 0)
    assert len(places) == len(shape)
    assert torch.equal(t[places], t[t < 0])
    assert torch.equal(torch.stack(places, dim=1), (t < 0).nonzero())


# The write that is lost


def test_a_write_after_a_mask_or_a_list_is_lost():
    for x in (torch.tensor([5, 0, 7, 0]), torch.tensor([5.0, 0, 7, 0])):
        old = x.clone()
        x[x == 0][0] = 9
        x[[0, 1]].fill_(9)
        x[torch.tensor([0])][:] = 9
        assert torch.equal(x, old)
    t = table()
    t[[0, 2]][:, 1] = 9
    t[t > 3][1:] = 9
    assert torch.equal(t, table())


def test_a_write_in_one_step_is_kept():
    x = names_of("tensors/write_kept_in_one_step")["x"]
    assert x.tolist() == [9, 9, 7, 0]
    t = table()
    t[[0, 2]] = 9
    t[t == 5] += 1
    assert t.tolist() == [[9] * 4, [4, 6, 6, 7], [9] * 4]


def test_a_mask_or_a_list_behind_another_one_is_no_write():
    x = torch.tensor([5, 0, 7, 0])
    old = x.clone()
    x[[0, 1, 2]][[0]] = 9
    x[x > 4][torch.tensor([True, False])] = 9
    assert torch.equal(x, old)
    x[[-1]] += 2
    x[x > 9] = 3  # nothing to write
    read = x[[-1]]  # as += does before it writes: a copy
    assert read.data_ptr() != x[-1:].data_ptr()
    assert x.tolist() == [5, 0, 7, 2]


def test_the_first_position_of_a_mask_is_one_index_as_a_tuple():
    t = torch.tensor([[5, 7], [6, 0], [0, 1]])
    first = (t == 0).nonzero()[0]
    t[tuple(first)] = 9
    assert t.tolist() == [[5, 7], [6, 9], [0, 1]]
    t[first] = 3  # without it: two whole rows
    assert t.tolist() == [[5, 7], [3, 3], [0, 1]]


def test_without_a_zero_the_position_raises_an_error():
    with pytest.raises(IndexError, match="out of bounds"):
        names_of("tensors/write_kept_in_one_step", {"5, 0, 7, 0": "5, 6, 7, 8"})


def test_a_slice_and_a_number_are_views_and_a_clone_is_not():
    t = torch.zeros(3, 4)
    t[0][1:][0] = 9
    t[:, 2:][1] = 8
    assert t[0, 1] == 9
    assert t[1].tolist() == [0, 0, 8, 8]
    old = t.clone()
    t[2].clone()[0] = 5
    assert torch.equal(t, old)


# Two lists


def test_two_lists_take_pairs():
    t = table(5, 6)
    rows, columns = torch.tensor([0, 2, 4]), torch.tensor([1, 3, 5])
    assert t[rows, columns].tolist() == [t[0, 1], t[2, 3], t[4, 5]]
    block = [[t[i, j] for j in columns] for i in rows]
    assert t[rows][:, columns].tolist() == block
    assert t[rows[:, None], columns].tolist() == block


def test_a_block_is_written_through_the_column_of_rows_only():
    t = table()
    rows, columns = torch.tensor([0, 2]), torch.tensor([1, 3])
    t[rows][:, columns] = -1
    assert torch.equal(t, table())
    t[rows[:, None], columns] = -1
    assert (t == -1).sum() == 4
    with pytest.raises(IndexError, match="broadcast"):
        t[rows, torch.tensor([0, 1, 2])]


# gather and scatter


def test_gather_takes_one_number_from_each_row():
    names = names_of("tensors/score_of_each_label")
    shape = names["wrong"].shape
    assert shape == (3, 3)
    assert torch.equal(names["right"], names["same"])
    torch.manual_seed(0)
    scores, labels = torch.randn(6, 4), torch.randint(4, (6,))
    want = [scores[i, labels[i]] for i in range(6)]
    right = scores.gather(1, labels.unsqueeze(1)).squeeze(1)
    assert right.tolist() == want
    assert scores[:, labels].shape == (6, 6)
    assert scores[:, labels].diagonal().tolist() == want


def test_a_negative_label_is_an_error_for_gather_and_the_last_column_in_a_pair():
    scores, labels = torch.rand(2, 5), torch.tensor([-1, 3])
    assert torch.equal(scores[torch.arange(2), labels], scores[[0, 1], [4, 3]])
    with pytest.raises(RuntimeError, match="index -1 is out of bounds"):
        scores.gather(1, labels.unsqueeze(1))


def test_bincount_wants_one_row_of_whole_numbers_from_0_up():
    assert torch.tensor([0, 3], dtype=torch.uint8).bincount().tolist() == [1, 0, 0, 1]
    for wrong in ([[1, 2]], [-1, 2]):
        with pytest.raises(RuntimeError, match="only supports 1-d non-negative"):
            torch.tensor(wrong).bincount()
    with pytest.raises(NotImplementedError, match="not implemented for 'Float'"):
        torch.tensor([1.0]).bincount()


def test_gather_wants_an_index_with_as_many_dimensions():
    with pytest.raises(RuntimeError, match="same number of dimensions"):
        torch.randn(3, 2).gather(1, torch.tensor([1, 0, 0]))


def test_gather_by_hand_in_three_dimensions():
    t, index = torch.randn(2, 3, 4), torch.randint(3, (2, 2, 4))
    got = t.gather(1, index)
    assert all(
        got[i, j, k] == t[i, index[i, j, k], k]
        for i in range(2)
        for j in range(2)
        for k in range(4)
    )


def test_with_a_dimension_of_time_the_last_one_is_right_and_1_is_silently_wrong():
    torch.manual_seed(0)
    scores, labels = torch.randn(2, 5, 7), torch.randint(5, (2, 5))
    by_hand = [[scores[b, t, labels[b, t]].item() for t in range(5)] for b in range(2)]
    right = scores.gather(-1, labels.unsqueeze(-1)).squeeze(-1)
    assert right.tolist() == by_hand
    wrong = scores.gather(1, labels.unsqueeze(1)).squeeze(1)
    assert wrong.shape == right.shape and not torch.equal(wrong, right)
    table, y = scores[0], labels[0]
    last = table.gather(-1, y.unsqueeze(-1)).squeeze(-1)
    assert torch.equal(last, table.gather(1, y.unsqueeze(1)).squeeze(1))


def test_scatter_is_the_opposite_of_gather():
    torch.manual_seed(0)
    labels = torch.randint(5, (7, 1))
    values = torch.randn(7, 1)
    table = torch.zeros(7, 5).scatter_(1, labels, values)
    assert torch.equal(table.gather(1, labels), values)
    assert (table != 0).sum() == 7
    ones = torch.zeros(7, 5).scatter_(1, labels, 1.0)
    one_hot = torch.nn.functional.one_hot(labels.squeeze(1), 5)
    assert torch.equal(ones, one_hot.float())


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.float64])
def test_a_repeated_index_adds_once_and_scatter_add_each_time(dtype):
    votes = torch.tensor([1, 1, 1, 0, 3, 1])
    wrong = torch.zeros(4, dtype=dtype)
    wrong[votes] += 1
    assert wrong.tolist() == [1, 1, 0, 1]
    right = torch.zeros(4, dtype=dtype)
    right.scatter_add_(0, votes, torch.ones(6, dtype=dtype))
    assert right.tolist() == [1, 4, 0, 1] == votes.bincount(minlength=4).tolist()


def test_a_tensor_of_ones_added_at_a_repeated_index_adds_once_as_well():
    changed = {"wrong[votes] += 1": "wrong[votes] += torch.ones(4)"}
    names = names_of("tensors/repeated_index_adds_once", changed)
    assert names["wrong"].tolist() == [1, 0, 1]
