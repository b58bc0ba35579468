import torch
from torch import nn

model = nn.Linear(2, 1)  # weights in float32
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cpu", init_scale=8.0)  # the default overflows

with torch.autocast("cpu", dtype=torch.float16):
    loss = model(torch.ones(4, 2)).sum()
scaler.scale(loss).backward()
scaler.unscale_(optimizer)
scaler.step(optimizer)
print(model.weight.grad)
