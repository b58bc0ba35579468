# raises: RuntimeError
import torch
from torch import nn

model = nn.Linear(3, 1)  # 3 numbers in, 1 out
x = torch.ones(5, 2)  # 5 samples of 2 numbers
model(x)
