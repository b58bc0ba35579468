# raises: TypeError
import torch

names = ["cat", "dog"]
best = torch.tensor(1.0)
names[best]
