import torch

loss = torch.tensor([0.125])
print(f"{loss.item():.2f}")
