import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

w = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1.0)
scheduler = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)

for val_loss in [8.0, 4.0, 4.0, 4.0, 2.0, 3.0, 3.0]:
    scheduler.step(val_loss)
    print(val_loss, scheduler.get_last_lr())
