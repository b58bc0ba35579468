"""What the page of errors of single numbers claims beyond its programs."""

import pytest
import torch
from torch import nn


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


@pytest.mark.parametrize("name", ["max", "min", "median", "mode", "sort", "topk"])
def test_several_functions_return_values_and_indices(name):
    x = torch.tensor([[3.0, 1.0, 2.0]])
    result = getattr(x, name)(2) if name == "topk" else getattr(x, name)(dim=1)
    assert len(result) == 2 and torch.equal(
        x.gather(1, result.indices.view(1, -1)), result.values.view(1, -1)
    )
    with pytest.raises(
        TypeError, match=f"must be Tensor, not torch.return_types.{name}"
    ):
        nn.Linear(1, 1)(result)


def test_topk_asks_the_last_dimension_by_default():
    x = torch.zeros(6, 3)
    with pytest.raises(RuntimeError, match="^selected index k out of range$"):
        x.topk(5)
    assert x.topk(5, dim=0).values.shape == (5, 3)


def test_a_loss_that_gets_one_label_too_early_only_warns():
    scores, y = torch.randn(1, 3), torch.tensor([2])
    with pytest.warns(UserWarning, match="size_average and reduce args will be dep"):
        nn.CrossEntropyLoss(scores, y)


def test_masks_joined_by_and_need_brackets():
    x = torch.tensor([1, 3])
    assert ((x > 0) & (x < 2)).tolist() == [True, False]
    with pytest.raises(RuntimeError, match="Boolean value of Tensor with more"):
        x > 0 & x < 2  # noqa: B015
    with pytest.raises(RuntimeError, match="Boolean value of Tensor with more"):
        max([x, x + 1])


def test_integers_have_no_mean_and_nothing_is_not_one_element():
    whole = torch.tensor([1, 2])
    for x in (whole, whole[whole > 5]):
        with pytest.raises(RuntimeError, match=r"mean\(\): could not infer output"):
            x.mean()
    assert whole.float().mean().item() == 1.5
    with pytest.raises(ValueError, match="only one element tensors can be converted"):
        float(whole[whole > 5])


def test_a_parameter_takes_no_format_even_if_it_is_a_single_number():
    number = torch.tensor(0.375, requires_grad=True)
    assert f"{number:.2f}" == f"{nn.Parameter(number).item():.2f}" == "0.38"
    with pytest.raises(TypeError, match=r"passed to Parameter\.__format__$"):
        f"{nn.Parameter(number):.2f}"


@pytest.mark.parametrize("name, dim", [("mode", -1), ("sort", -1), ("kthvalue", -1)])
def test_some_functions_return_two_tensors_without_a_dim_too(name, dim):
    x = torch.tensor([[3.0, 1.0], [2.0, 2.0]])
    k = [1] if name == "kthvalue" else []
    two, named = getattr(x, name)(*k), getattr(x, name)(*k, dim=dim)
    assert len(two) == 2 and torch.equal(two.values, named.values)
    assert x.max() == 3 and x.min() == 1 and x.median() == 2
    with pytest.raises(TypeError, match=f"not torch.return_types.{name}"):
        nn.ReLU()(two)


def test_a_mask_that_may_be_none_is_no_question_of_all():
    mask = torch.tensor([True, False])
    for ask in (lambda: bool(mask), lambda: mask or None):
        with pytest.raises(RuntimeError, match="more than one value is ambiguous"):
            ask()
    assert mask is not None and not mask.all()


def test_rows_of_other_lengths_are_padded():
    rows = [torch.ones(2), torch.ones(3)]
    with pytest.raises(ValueError, match="only one element tensors can be converted"):
        torch.tensor(rows)
    with pytest.raises(RuntimeError, match="expects each tensor to be equal size"):
        torch.stack(rows)
    padded = nn.utils.rnn.pad_sequence(rows, batch_first=True)
    assert padded.shape == (2, 3)


def test_a_mask_has_a_mean_only_as_floats():
    mask = torch.tensor([True, False])
    with pytest.raises(RuntimeError, match="2 elements cannot be converted to Scalar"):
        mask.item()
    with pytest.raises(RuntimeError, match="mean"):
        mask.mean()
    assert mask.float().mean().item() == 0.5


def test_range_wants_an_integer_too():
    half = torch.tensor(4) / 2
    with pytest.raises(TypeError, match="only integer tensors of a single element"):
        range(half)
    assert range(int(half)) == range(2)
    assert range(torch.tensor(2)) == range(2)


def test_many_numbers_are_formatted_by_their_mean():
    losses = torch.tensor([1.0, 2.0])
    with pytest.raises(TypeError, match="passed to Tensor.__format__"):
        f"{losses:.2f}"
    with pytest.raises(RuntimeError, match="cannot be converted to Scalar"):
        losses.item()
    assert f"{losses.mean().item():.2f}" == "1.50"


def test_the_size_that_topk_needs_is_that_of_its_dimension():
    scores = torch.randn(3, 8)
    with pytest.raises(RuntimeError, match="selected index k out of range"):
        scores.topk(min(5, scores.shape[-1]), dim=0)
    assert scores.topk(min(5, scores.shape[0]), dim=0).values.shape == (3, 8)
    assert scores.topk(min(5, scores.shape[-1])).values.shape == (3, 5)
