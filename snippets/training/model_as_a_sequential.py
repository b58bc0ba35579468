import torch
from torch import nn

model = nn.Sequential(
    nn.Flatten(),
    nn.Linear(64, 16),
    nn.ReLU(),
    nn.Linear(16, 10),
)
print(model(torch.rand(5, 8, 8)).shape)
print(sum(p.numel() for p in model.parameters()), "parameters")
