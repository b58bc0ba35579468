import torch
from torch import nn


def size_out(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1  # pixels under the kernel
    return (size + 2 * padding - reach) // stride + 1


image = torch.rand(1, 1, 28, 28)
for settings in (
    {"kernel_size": 3},
    {"kernel_size": 3, "padding": 1},
    {"kernel_size": 3, "padding": 1, "stride": 2},
    {"kernel_size": 3, "padding": 2, "dilation": 2},
):
    layer = nn.Conv2d(1, 1, **settings)
    print(size_out(28, **settings), layer(image).shape[-1], settings)

pool = nn.MaxPool2d(2)  # its stride is its kernel size
print(size_out(28, 2, stride=2), pool(image).shape[-1], "MaxPool2d(2)")
