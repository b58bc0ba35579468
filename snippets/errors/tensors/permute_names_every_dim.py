import torch

images = torch.ones(2, 4, 5, 3)  # (batch, height, width, channels)
print(images.permute(0, 3, 1, 2).shape)
