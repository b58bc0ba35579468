# raises: ValueError
import torch
from torch.nn import functional as F

image = torch.ones(3, 4, 4)  # (channels, height, width)
F.interpolate(image, size=(8, 8), mode="bilinear")
