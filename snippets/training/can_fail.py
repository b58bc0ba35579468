# raises: AssertionError
import torch
from torch import nn


def test_frozen_layer_stays_as_it_was():
    layer = nn.Linear(2, 1)  # nobody froze it
    before = layer.weight.detach().clone()
    optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
    layer(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    assert torch.equal(before, layer.weight), "the weight moved"
    print("passed")


test_frozen_layer_stays_as_it_was()
