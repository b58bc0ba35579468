# raises: ValueError
import torch
from torch.optim.lr_scheduler import OneCycleLR

w = torch.ones(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
scheduler = OneCycleLR(optimizer, max_lr=0.1, total_steps=4)
for _ in range(5):
    optimizer.step()
    scheduler.step()
