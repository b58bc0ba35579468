import math

import torch
from torch import nn

torch.manual_seed(0)
for inputs in (4, 100, 10_000):
    weight = nn.Linear(inputs, 100).weight
    low, high = weight.min().item(), weight.max().item()
    print(f"{inputs:6}: {low:.4f} to {high:.4f}", end=", ")
    print(f"1 / sqrt(inputs) is {1 / math.sqrt(inputs):.4f}")
