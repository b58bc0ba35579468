# raises: KeyError
from torch import nn, optim

optimizer = optim.SGD(nn.Linear(2, 1).parameters(), lr=0.1)
optim.lr_scheduler.StepLR(optimizer, step_size=2, last_epoch=3)
