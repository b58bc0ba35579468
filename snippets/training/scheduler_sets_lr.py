import torch
from torch.optim.lr_scheduler import StepLR

w = torch.tensor(4.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1.0)
scheduler = StepLR(optimizer, step_size=2, gamma=0.5)

print("epoch     lr    w moves")
for epoch in range(6):
    lr = optimizer.param_groups[0]["lr"]
    before = w.item()
    loss = 1 * w  # its slope is 1 everywhere
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    scheduler.step()  # once an epoch, after the optimizer
    print(f"{epoch:5} {lr:6} {w.item() - before:10}")
