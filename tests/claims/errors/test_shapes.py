"""What the page of errors of shapes claims beyond what its programs print."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader


def test_nothing_is_sparse_where_permute_says_so():
    images = torch.ones(2, 4, 5, 3)
    assert not images.is_sparse
    with pytest.raises(RuntimeError, match="sparse_coo"):
        images.permute(2, 0, 1)
    ours = images.permute(0, 3, 1, 2).shape
    assert ours == images.numpy().transpose(0, 3, 1, 2).shape


def test_at_broadcasts_a_matrix_over_a_batch_as_numpy_does():
    x, y = torch.rand(2, 3), torch.rand(5, 3, 4)
    np.testing.assert_allclose(x @ y, x.numpy() @ y.numpy(), rtol=1e-5)


def test_einsum_of_the_agreeing_letter_is_a_product_with_the_transpose():
    x, y = torch.rand(2, 3), torch.rand(4, 3)
    expected = x.numpy() @ y.numpy().T
    np.testing.assert_allclose(torch.einsum("ij,kj->ik", x, y), expected, rtol=1e-5)


def test_a_loader_stacks_its_samples():
    with pytest.raises(RuntimeError, match="stack expects each tensor to be equal"):
        next(iter(DataLoader([torch.ones(2), torch.ones(3)], batch_size=2)))


def test_reshape_keeps_the_order_and_does_not_swap_rows_and_columns():
    x = torch.tensor([[1, 2, 3], [4, 5, 6]])
    assert x.reshape(3, 2).flatten().tolist() == x.flatten().tolist()
    assert x.reshape(3, 2).tolist() == [[1, 2], [3, 4], [5, 6]]  # stays wrong
    assert x.T.tolist() == x.numpy().T.tolist() == [[1, 4], [2, 5], [3, 6]]


def test_three_mistakes_say_that_mat1_and_mat2_do_not_fit():
    layer, images = nn.Linear(16, 3), torch.ones(8, 1, 4, 4)
    assert layer(images.flatten(1)).shape == (8, 3)
    for x in (torch.ones(8, 5), images, images.reshape(-1, 32)):
        with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be mul"):
            layer(x)
    assert images.dim() > 2 and images.reshape(-1, 32).shape[0] != 8
