import torch
from torch import nn

names = ["garden", "marsh", "wood"]
habitat = ["wood", "garden", "wood", "lake"]

known = {name: n + 1 for n, name in enumerate(names)}
numbers = torch.tensor([known.get(h, 0) for h in habitat])  # 0: not known
print(numbers.tolist())
print(nn.functional.one_hot(numbers, len(names) + 1).float())
