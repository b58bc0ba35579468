# warns: UserWarning
import torch
from torch.optim.lr_scheduler import StepLR

w = torch.tensor(4.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1.0)
scheduler = StepLR(optimizer, step_size=2, gamma=0.5)

for epoch in range(4):
    before = w.item()
    loss = 1 * w
    loss.backward()
    scheduler.step()  # too early
    optimizer.step()
    optimizer.zero_grad()
    print(epoch, w.item() - before)
