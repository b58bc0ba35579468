# raises: ValueError
import torch

x = torch.ones(2, 3)
batch, channels, length = x.shape
