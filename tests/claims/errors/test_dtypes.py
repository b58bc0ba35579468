"""What the page of errors of dtypes claims beyond what its programs print."""

import numpy as np
import pytest
import torch


@pytest.mark.parametrize(
    ("name", "dtype"),
    [("Long", torch.int64), ("Half", torch.float16), ("Bool", torch.bool)],
)
def test_the_inner_names_of_types(name, dtype):
    assert torch.ones(1, dtype=dtype).type() == f"torch.{name}Tensor"


def test_only_the_making_of_a_uint8_is_checked():
    with pytest.raises(RuntimeError, match="without overflow"):
        torch.tensor([300], dtype=torch.uint8)
    pixel = torch.tensor([200], dtype=torch.uint8)
    light = torch.tensor([100], dtype=torch.uint8)
    assert (pixel + light).item() == (200 + 100) % 256 == 44


def test_a_float_of_2_to_the_63_loses_digits():
    assert torch.tensor([float(2**63)]).item() == 2**63
    assert torch.tensor([float(2**63 - 1)]).item() == 2**63


def test_floats_divided_by_zero_are_infinite_as_in_numpy():
    with np.errstate(all="ignore"):
        expected = np.array([6, -7, 0]) / 0
    np.testing.assert_array_equal(torch.tensor([6, -7, 0]) / 0, expected)


def test_the_pseudo_inverse_is_that_of_numpy():
    a = np.array([[1.0, 2.0], [2.0, 4.0]])
    expected = np.linalg.pinv(a)
    np.testing.assert_allclose(torch.linalg.pinv(torch.tensor(a)), expected, atol=1e-9)
