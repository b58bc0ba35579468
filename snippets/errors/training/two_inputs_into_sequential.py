# raises: TypeError
import torch
from torch import nn

model = nn.Sequential(nn.Linear(2, 1))
model(torch.ones(5, 1), torch.ones(5, 1))
