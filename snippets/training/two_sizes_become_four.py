import torch
from torch import nn

settings = {"kernel_size": 3, "stride": 2, "padding": 1}
down = nn.Conv2d(1, 1, **settings)
for size in (7, 8):
    print(size, "->", down(torch.rand(1, 1, size, size)).shape[-1])

up = nn.ConvTranspose2d(1, 1, **settings)
more = nn.ConvTranspose2d(1, 1, **settings, output_padding=1)
x = torch.rand(1, 1, 4, 4)
print("4 ->", up(x).shape[-1])
print("4 ->", up(x, output_size=(8, 8)).shape[-1], "by output_size")
print("4 ->", more(x).shape[-1], "by output_padding")
