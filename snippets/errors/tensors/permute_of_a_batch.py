# raises: RuntimeError
import torch

images = torch.ones(2, 4, 5, 3)  # (batch, height, width, channels)
images.permute(2, 0, 1)
