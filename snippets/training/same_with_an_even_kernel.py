# warns: UserWarning
import torch
from torch import nn

image = torch.rand(1, 1, 28, 28)
for kernel in (3, 4, 5):
    half = nn.Conv2d(1, 1, kernel, padding=kernel // 2)
    print(kernel, half(image).shape[-1])

same = nn.Conv2d(1, 1, kernel_size=4, padding="same")
print("same", same(image).shape[-1])
