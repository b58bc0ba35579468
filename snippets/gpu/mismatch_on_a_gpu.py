# needs: cuda
# raises: RuntimeError
import torch
from torch import nn

model = nn.Linear(3, 1).to("cuda")
x = torch.ones(2, 3)

model(x)
