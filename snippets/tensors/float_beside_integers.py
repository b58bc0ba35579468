import torch

i = torch.tensor([1, 2, 3])
i = i + 0.5
print(i)
