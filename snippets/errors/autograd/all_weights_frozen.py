# raises: RuntimeError
import torch
from torch import nn

model = nn.Linear(2, 1).requires_grad_(False)
print(sum(p.requires_grad for p in model.parameters()))
loss = model(torch.ones(3, 2)).mean()
loss.backward()
