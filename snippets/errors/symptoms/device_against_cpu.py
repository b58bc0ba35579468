import copy

import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")

torch.manual_seed(0)
layers = [nn.Linear(64, 64), nn.LayerNorm(64), nn.GELU(), nn.Linear(64, 10)]
model = nn.Sequential(*layers).eval()
h = torch.randn(32, 64)  # a batch of yours
with torch.inference_mode():
    for name, layer in model.named_children():
        there = copy.deepcopy(layer).to(device)(h.to(device)).cpu()
        exact = copy.deepcopy(layer).double()(h.double())
        gap = (there - exact).abs().max().item()
        print(name, type(layer).__name__, "agrees to 1e-4:", gap < 1e-4)
        h = layer(h)  # both get the same input again
