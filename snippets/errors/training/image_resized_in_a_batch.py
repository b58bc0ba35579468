import torch
from torch.nn import functional as F

image = torch.ones(3, 4, 4)
larger = F.interpolate(image[None], size=(8, 8), mode="bilinear")[0]
print(larger.shape)
