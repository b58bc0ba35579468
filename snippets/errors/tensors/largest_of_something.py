import torch

x = torch.tensor([1.0, 2.0])
chosen = x[x > 5]
print(chosen.max() if chosen.numel() else "none is above 5")
