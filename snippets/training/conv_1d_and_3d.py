import torch
from torch import nn

series = torch.rand(2, 6, 100)  # (batch, channels, steps)
video = torch.rand(2, 3, 16, 32, 32)  # (batch, channels, frames, H, W)
image = torch.rand(2, 3, 32, 32)

print("Conv1d", list(nn.Conv1d(6, 8, 5)(series).shape))
print("Conv2d", list(nn.Conv2d(3, 8, 5)(image).shape))
print("Conv3d", list(nn.Conv3d(3, 8, 5)(video).shape))
print("1 x 5 ", list(nn.Conv2d(3, 8, (1, 5))(image).shape))
