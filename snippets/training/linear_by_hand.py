import torch
from torch import nn

torch.manual_seed(0)
layer = nn.Linear(64, 16)
x = torch.rand(5, 64)
by_hand = x @ layer.weight.T + layer.bias
print("weight", tuple(layer.weight.shape), "bias", tuple(layer.bias.shape))
print("equal: ", torch.allclose(layer(x), by_hand, atol=1e-5))
print("output", tuple(layer(x).shape))
