"""What the page of errors of lists and arrays claims beyond what its programs print."""

import re
import warnings

import numpy as np
import pytest
import torch
from torch import nn


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
