import torch
from torch import nn

torch.manual_seed(0)
norm = nn.BatchNorm1d(1).requires_grad_(False)
model = nn.Sequential(norm, nn.Linear(1, 1))
x = torch.randn(64, 1) + 10

print(f"at first:       {norm.running_mean.item():.2f}")
model.train()
for _ in range(3):
    model(x)
print(f"train mode:     {norm.running_mean.item():.2f}")
model.train()
norm.eval()  # after train(), which would switch it back
for _ in range(3):
    model(x)
print(f"norm in eval(): {norm.running_mean.item():.2f}")
