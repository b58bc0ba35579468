import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

w = torch.ones(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)
scheduler = ReduceLROnPlateau(optimizer, patience=0)
for validation_loss in (1.0, 1.0):
    scheduler.step(validation_loss)
print(scheduler.get_last_lr())
