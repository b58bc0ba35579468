# raises: TypeError
import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

w = torch.ones(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
scheduler = ReduceLROnPlateau(optimizer)
scheduler.step()
