import torch
from torch import nn

model = nn.Linear(3, 1)
x = torch.ones(2, 3)

model.to("meta")
x.to("meta")  # the moved tensor is lost
print("model:", model.weight.device)
print("x:", x.device)

x = x.to("meta")
print("x, assigned:", x.device)
