import torch
from torch import nn

with torch.device("meta"):
    model = nn.Linear(3, 1)
    a = torch.tensor([1.0, 2.0])

b = torch.zeros(2, device="meta")
c = torch.zeros_like(b)
d = torch.zeros(2)

print("model:", model.weight.device)
print("a:", a.device)
print("b:", b.device)
print("c:", c.device)
print("d:", d.device)
