import torch
from torch.optim.lr_scheduler import OneCycleLR

w = torch.ones(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
epochs, batches = 2, 3
scheduler = OneCycleLR(
    optimizer, max_lr=0.1, epochs=epochs, steps_per_epoch=batches
)
for _ in range(epochs * batches - 1):
    optimizer.step()
    scheduler.step()
print(scheduler.last_epoch + 1, "learning rates")
