import torch
from torch import nn

x = torch.ones(1, 1, 4)
for kernel in (3, 4):
    layer = nn.ConvTranspose1d(1, 1, kernel, stride=2, bias=False)
    nn.init.ones_(layer.weight)
    print(kernel, layer(x).flatten().tolist())
print("Upsample", nn.Upsample(scale_factor=2)(x).flatten().tolist())
