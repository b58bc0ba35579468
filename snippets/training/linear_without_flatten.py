import torch
from torch import nn

images = torch.rand(5, 8, 8)
rows = nn.Linear(8, 10)(images)
print("wrong:", tuple(rows.shape))
whole = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))(images)
print("right:", tuple(whole.shape))
