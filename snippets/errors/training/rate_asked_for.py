# warns: UserWarning
import torch
from torch.optim.lr_scheduler import StepLR

w = torch.ones(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)
scheduler = StepLR(optimizer, step_size=1, gamma=0.5)
optimizer.step()
scheduler.step()
print(scheduler.get_lr())  # wrong
