import torch
from torch.optim.lr_scheduler import CosineAnnealingLR

optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
scheduler = CosineAnnealingLR(optimizer, T_max=4)
rates = []
for _ in range(10):
    rates += scheduler.get_last_lr()
    optimizer.step()
    scheduler.step()
print([round(rate, 2) for rate in rates])
