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
