import torch

names = ["cat", "dog"]
best = torch.tensor([0.2, 0.8]).argmax()
print(best, names[best])
