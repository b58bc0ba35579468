import torch
from torch import nn


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))
        self.register_buffer("mean", torch.zeros(2))
        self.shift = torch.zeros(2)


model = Scaled().to(torch.float64)
print("trained:", [name for name, _ in model.named_parameters()])
print("saved:  ", list(model.state_dict()))
print(model.weight.dtype, model.mean.dtype, model.shift.dtype)
