# raises: RuntimeError
import torch
from torch import nn

model = nn.LSTM(2, 4).to("meta")
model(torch.ones(5, 1, 2))
