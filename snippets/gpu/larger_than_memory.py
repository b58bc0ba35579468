import torch
from torch import nn

with torch.device("meta"):
    model = nn.Linear(10**6, 10**6)
    x = torch.ones(64, 10**6)  # (batch, inputs)

y = model(x)
y.mean().backward()
weights = sum(p.numel() for p in model.parameters())
print(f"weights: {weights:,}")
print("memory anywhere else:", weights * 4 / 1e12, "TB")
print("output:", tuple(y.shape))
print("gradient:", tuple(model.weight.grad.shape))
