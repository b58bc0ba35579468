"""What the page of errors of indexes and masks claims beyond its programs."""

import numpy as np
import pytest
import torch


@pytest.mark.parametrize(
    ("words", "rows"), [([5], 5), ([-100], 5), (range(9), 8), ([0, -1], 2)]
)
def test_an_embedding_has_no_row_below_zero_or_beyond_the_last(words, rows):
    words = torch.tensor(list(words))
    assert words.max() >= rows or words.min() < 0
    with pytest.raises(IndexError, match="index out of range in self"):
        torch.nn.Embedding(rows, 2)(words)
    with pytest.raises(IndexError, match="index out of range in self"):
        torch.ones(rows, 2).index_select(0, words)
    with pytest.raises(RuntimeError, match="INDICES element is out of DATA bounds"):
        torch.ones(2, rows).index_select(1, words)


def test_a_row_of_padding_stays_zero():
    table = torch.nn.Embedding(4, 2, padding_idx=0)
    table(torch.tensor([0, 3])).sum().backward()
    assert table.weight[0].tolist() == table.weight.grad[0].tolist() == [0, 0]


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int32, torch.int64])
def test_masks_of_integers_fill_nothing(dtype):
    with pytest.raises(RuntimeError, match="only supports boolean masks"):
        torch.ones(2).masked_fill(torch.tensor([1, 0], dtype=dtype), 0.0)


@pytest.mark.parametrize("chosen", [[0, 2], torch.tensor([True, False, True])])
def test_as_many_values_as_chosen_places(chosen):
    x = torch.zeros(3)
    with pytest.raises(RuntimeError, match="shape mismatch: value tensor of shape"):
        x[chosen] = torch.ones(3)
    x[chosen] = torch.ones(2)
    assert x.tolist() == [1, 0, 1]
    if torch.is_tensor(chosen):  # the length of a mask is no count
        assert chosen.sum() == 2 != len(chosen)


@pytest.mark.parametrize("chosen", [[0, 1], torch.tensor([True, True, False])])
def test_a_second_index_writes_into_a_copy(chosen):
    x = torch.zeros(3)
    x[chosen][0] = 9
    x[chosen].fill_(9)
    assert x.sum() == 0  # stays wrong
    x[0:2][0] = 9  # a slice is a view
    x[chosen] = 9
    assert x.tolist() == [9, 9, 0]


def test_the_batch_of_one_is_squeezed_away():
    assert torch.ones(1, 1).squeeze().dim() == 0 != torch.ones(2, 1).squeeze().dim()


@pytest.mark.parametrize("dtype", [torch.int8, torch.int16, torch.float64])
def test_small_integers_are_refused_as_indexes_like_floats(dtype):
    x, rows = torch.arange(4), torch.tensor([3, 0], dtype=dtype)
    with pytest.raises(IndexError, match="must be long, int, byte or bool"):
        x[rows]
    with pytest.raises(RuntimeError, match="Expected dtype int32/int64 for index"):
        x.gather(0, rows)
    assert x[rows.int()].equal(x.gather(0, rows.int()))


@pytest.mark.filterwarnings("ignore:indexing with dtype torch.uint8")
def test_row_numbers_of_uint8_are_read_as_a_mask():
    colours = torch.tensor([10, 20, 30])
    rows = torch.tensor([2, 0, 2], dtype=torch.uint8)
    assert colours[rows].tolist() == [10, 30]  # stays wrong
    assert colours[rows.long()].tolist() == [30, 10, 30]
    with pytest.raises(IndexError, match="shape of the mask .2. at index 0"):
        colours[rows[:2]]


def test_one_hot_of_a_class_too_many_fits_a_larger_number():
    labels = torch.tensor([0, 4])
    with pytest.raises(RuntimeError, match="Class values must be smaller"):
        torch.nn.functional.one_hot(labels, 4)
    assert torch.nn.functional.one_hot(labels, 5).argmax(1).equal(labels)


def test_select_names_the_whole_size():
    with pytest.raises(
        IndexError, match="^select.*: index 5 out of range for tensor of"
    ):
        torch.ones(2, 3).select(0, 5)


def test_an_index_of_scatter_has_as_many_dimensions_too():
    with pytest.raises(RuntimeError, match="same number of dimensions as self tensor"):
        torch.zeros(2, 3).scatter_(1, torch.tensor([1, 0]), 1.0)


def test_two_masks_are_two_lists_of_places():
    x = torch.arange(16).reshape(4, 4)
    one, two = torch.tensor([1, 1, 0, 0]) > 0, torch.tensor([1, 0, 1, 1]) > 0
    with pytest.raises(
        IndexError, match="indexing tensors could not be broadcast toge"
    ):
        x[one, two]
    assert x[one][:, two].tolist() == [[0, 2, 3], [4, 6, 7]]
    assert x[one.nonzero(), two].tolist() == [[0, 2, 3], [4, 6, 7]]
    with pytest.raises(IndexError, match="too many indices"):
        x[one[:, None], two]  # a column of rows is no help
    assert x[[0, 1], [2, 3]].tolist() == [2, 7]


@pytest.mark.filterwarnings("ignore:torch.meshgrid")
def test_meshgrid_counts_rows_first_and_numpy_columns():
    x, y = torch.arange(2), torch.arange(3)
    for default, named in zip(
        torch.meshgrid(x, y), torch.meshgrid(x, y, indexing="ij"), strict=True
    ):
        assert torch.equal(default, named) and default.shape == (2, 3)
    assert np.meshgrid(x.numpy(), y.numpy())[0].shape == (3, 2)


def test_an_empty_tensor_has_no_last_element():
    x = torch.ones(0)
    assert x.numel() == 0
    for i in 0, -1:
        with pytest.raises(IndexError, match="out of bounds for .* with size 0"):
            x[i]


def test_one_mask_of_two_dimensions_is_too_many_indices():
    with pytest.raises(IndexError, match="too many indices for tensor of dimension 1"):
        torch.ones(3)[torch.ones(3, 1, dtype=torch.bool)]


def test_squeezing_a_batch_of_one_leaves_nothing_to_index():
    with pytest.raises(IndexError, match="invalid index of a 0-dim tensor"):
        torch.ones(1, 1).squeeze()[0]
    assert torch.ones(1, 1).squeeze(dim=1)[0] == 1


def test_unpacking_a_number_is_a_loop_over_it():
    with pytest.raises(TypeError, match="iteration over a 0-d tensor"):
        _scores, _loss = torch.tensor(0.5)


def test_a_mask_that_is_a_column_is_squeezed_and_chooses_rows():
    x, keep = torch.arange(6).reshape(2, 3), torch.tensor([[True], [False]])
    with pytest.raises(IndexError, match="mask \\[2, 1\\] at index 1 does not match"):
        x[keep]
    with pytest.raises(IndexError):
        x[:, keep]
    assert x[keep.squeeze(1)].tolist() == [[0, 1, 2]]


def test_lists_of_rows_become_tensors_first():
    x, rows, columns = torch.arange(16).reshape(4, 4), [0, 1], [0, 2, 3]
    with pytest.raises(IndexError, match="could not be broadcast together"):
        x[rows, columns]
    with pytest.raises(TypeError):
        rows[:, None]
    assert x[torch.tensor(rows)[:, None], columns].shape == (2, 3)


def test_a_mask_of_floats_is_a_mask_by_bool_and_rows_by_long():
    x, mask = torch.tensor([5, 6, 7]), torch.tensor([1.0, 0.0, 1.0])
    with pytest.raises(IndexError, match="must be long, int, byte or bool tensors"):
        x[mask]
    assert x[mask.bool()].tolist() == [5, 7] != x[mask.long()].tolist()


def test_the_index_gets_the_dimension_along_which_one_gathers():
    scores = torch.arange(30.0).reshape(2, 3, 5)  # (batch, words, classes)
    y = torch.tensor([[1, 0, 2], [4, 3, 1]])
    with pytest.raises(RuntimeError, match="same number of dimensions as input"):
        scores.gather(2, y)
    expected = [[scores[b, w, y[b, w]].item() for w in range(3)] for b in range(2)]
    assert scores.gather(2, y[:, :, None])[:, :, 0].tolist() == expected
    assert scores.gather(2, y[:, None])[:, 0].tolist() != expected  # silently


def test_one_number_a_row_needs_a_column():
    x, rows, numbers = torch.zeros(4, 3), [0, 1], torch.tensor([7.0, 8.0])
    with pytest.raises(RuntimeError, match="shape \\[2\\] cannot be broadcast to"):
        x[rows] = numbers
    x[rows] = numbers[:, None]
    assert x[:2].tolist() == [[7.0] * 3, [8.0] * 3]
