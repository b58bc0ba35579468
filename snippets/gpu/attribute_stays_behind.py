import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))
        self.register_buffer("buffer", torch.ones(3))
        self.plain = torch.ones(3)


model = Scale().to("meta")
print("weight:", model.weight.device)
print("buffer:", model.buffer.device)
print("plain:", model.plain.device)
