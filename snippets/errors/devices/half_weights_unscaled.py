# raises: ValueError
import torch
from torch import nn

model = nn.Linear(2, 1).half()  # the mistake: weights in float16
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cpu")

loss = model(torch.ones(4, 2).half()).sum()
scaler.scale(loss).backward()
scaler.unscale_(optimizer)
