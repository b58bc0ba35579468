"""What the page of errors of indexes and masks claims beyond its programs."""

import pytest
import torch


@pytest.mark.parametrize("ask", [bool, lambda x: x in [x.clone()], lambda x: x and x])
def test_a_question_about_many_is_ambiguous(ask):
    with pytest.raises(RuntimeError, match="more than one value is ambiguous"):
        ask(torch.ones(2))


def test_comparing_and_sorting_lists_of_tensors_asks_the_same_question():
    a, b = torch.ones(2), torch.zeros(2)
    with pytest.raises(RuntimeError, match="more than one value is ambiguous"):
        assert [a] == [b]
    with pytest.raises(RuntimeError, match="more than one value is ambiguous"):
        sorted([a, b])


@pytest.mark.parametrize("convert", [float, int])
def test_float_and_int_take_one_element(convert):
    with pytest.raises(ValueError, match="only one element tensors can be converted"):
        convert(torch.ones(2))


@pytest.mark.parametrize(
    ("words", "rows"), [([5], 5), ([-100], 5), (range(9), 8), ([0, -1], 2)]
)
def test_an_embedding_has_no_row_below_zero_or_beyond_the_last(words, rows):
    words = torch.tensor(list(words))
    assert words.max() >= rows or words.min() < 0
    with pytest.raises(IndexError, match="index out of range in self"):
        torch.nn.Embedding(rows, 2)(words)


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


@pytest.mark.parametrize("name", ["MSELoss", "BCEWithLogitsLoss", "L1Loss"])
def test_a_loss_that_gets_its_scores_too_early_asks_for_one_answer(name):
    loss, x = getattr(torch.nn, name), torch.ones(2)
    with pytest.raises(RuntimeError, match="more than one value is ambiguous"):
        loss(x, x)
    assert loss()(x, x).isfinite()


@pytest.mark.parametrize("ask", [torch.max, torch.min, torch.amax])
def test_nothing_has_no_largest_number(ask):
    nothing = torch.ones(3)[[False] * 3]
    with pytest.raises((RuntimeError, IndexError), match="Expected reduction dim"):
        ask(nothing)
    assert nothing.mean().isnan() and nothing.sum() == 0


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


def test_tensors_in_lists_are_compared_by_equal_and_sorted_by_a_number():
    a, b = torch.tensor([3.0, 1.0]), torch.tensor([0.0, 2.0])
    for compare in (lambda: a in [b], lambda: [a] == [b], lambda: sorted([a, b])):
        with pytest.raises(RuntimeError, match="Boolean value of Tensor"):
            compare()
    assert torch.equal(a, a.clone()) and not torch.equal(a, b)
    assert sorted([a, b], key=lambda x: x.sum().item())[0] is b


def test_several_indexes_of_a_list_are_taken_one_by_one():
    names, best = ["a", "b", "c"], torch.tensor([2, 0])
    with pytest.raises(TypeError, match="only integer tensors of a single element"):
        names[best]
    assert [names[i] for i in best] == ["c", "a"]
    with pytest.raises(TypeError, match="only integer tensors of a single element"):
        torch.tensor([best, best])
    assert torch.stack([best, best]).shape == (2, 2)


def test_one_hot_of_a_class_too_many_fits_a_larger_number():
    labels = torch.tensor([0, 4])
    with pytest.raises(RuntimeError, match="Class values must be smaller"):
        torch.nn.functional.one_hot(labels, 4)
    assert torch.nn.functional.one_hot(labels, 5).argmax(1).equal(labels)


@pytest.mark.parametrize("dtype", [torch.int16, torch.int8])
def test_one_small_integer_is_an_index_and_several_are_not(dtype):
    x = torch.tensor([5, 6, 7])
    assert x[torch.tensor(2, dtype=dtype)].item() == 7
    with pytest.raises(IndexError, match="must be long, int, byte or bool"):
        x[torch.tensor([2, 0], dtype=dtype)]


def test_a_list_takes_a_single_bool_as_its_index():
    assert ["cat", "dog"][torch.tensor([True])] == "dog"
    with pytest.raises(TypeError, match="only integer tensors of a single element"):
        ["cat", "dog"][torch.tensor([True, False])]


def test_a_tensor_is_found_in_a_list_by_equal():
    a_list, x = [torch.zeros(3), torch.ones(2)], torch.ones(2)
    assert any(torch.equal(x, t) for t in a_list)
    assert not any(torch.equal(x + 1, t) for t in a_list)


def test_a_format_rounds_a_half_to_the_even_digit():
    halves = torch.tensor([0.125, 0.375, 2.625])
    assert [f"{x.item():.2f}" for x in halves] == ["0.12", "0.38", "2.62"]
