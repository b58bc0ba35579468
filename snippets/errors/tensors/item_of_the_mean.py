import torch

losses = torch.tensor([1.0, 2.0])
print(losses.mean().item())
print(losses.tolist())
