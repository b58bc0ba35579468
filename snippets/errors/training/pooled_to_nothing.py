# raises: RuntimeError
import torch
from torch import nn

model = nn.Sequential(*(nn.MaxPool2d(2) for _ in range(3)))
model(torch.ones(1, 1, 6, 6))  # 6, 3, 1, and nothing
