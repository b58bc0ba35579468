import torch
from torch import nn

torch.manual_seed(0)
x = torch.rand(2, 8, 5, 7)  # (batch, channels, height, width)
mean = x.mean(dim=(2, 3))
highest = x.amax(dim=(2, 3))
print(list(mean.shape), list(highest.shape))

average = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
maximum = nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten())
print("mean:", torch.allclose(average(x), mean))
print("max: ", torch.equal(maximum(x), highest))
