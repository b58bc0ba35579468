import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(4, 3)
x, y = torch.randn(6, 4), torch.tensor([0, 1, 2, 0, 1, 2])
logits = model(x)

right = nn.functional.cross_entropy(logits, y)
wrong = nn.functional.cross_entropy(logits.softmax(dim=1), y)
print(f"logits:  {right.item():.3f}")
print(f"softmax: {wrong.item():.3f}")

sure = torch.tensor([[100.0, 0.0, 0.0]])  # certain, and right
zero = torch.tensor([0])
right = nn.functional.cross_entropy(sure, zero)
wrong = nn.functional.cross_entropy(sure.softmax(dim=1), zero)
print(f"certain: {right.item():.3f} and {wrong.item():.3f}")
