# raises: NotImplementedError
import torch
from torch import nn

with torch.device("meta"):
    model = nn.Linear(3, 1)

model.to("cpu")
