import torch
from torch import nn

model = nn.Sequential(
    nn.Conv2d(1, 4, kernel_size=3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(10)
)
print("before:", model[3])
model(torch.zeros(1, 1, 28, 28))  # one image of zeros is enough
print("after: ", model[3])
