from torch import nn, optim

optimizer = optim.SGD(nn.Linear(2, 1).parameters(), lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=2)
for _ in range(3):
    optimizer.step()
    scheduler.step()
saved = {
    "optimizer": optimizer.state_dict(),
    "scheduler": scheduler.state_dict(),
}

optimizer = optim.SGD(nn.Linear(2, 1).parameters(), lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=2)
optimizer.load_state_dict(saved["optimizer"])
scheduler.load_state_dict(saved["scheduler"])
print(scheduler.last_epoch, f"{scheduler.get_last_lr()[0]:.2f}")
