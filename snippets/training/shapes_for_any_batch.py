# raises: AssertionError
import torch
from torch import nn

layer = nn.Linear(4, 1)


def model(x):
    return layer(x).squeeze()  # (batch, 1) -> (batch,)


def test_one_number_for_each_sample():
    for batch in (7, 2, 1):
        shape = model(torch.randn(batch, 4)).shape
        print(batch, shape)
        assert shape == (batch,)


test_one_number_for_each_sample()
