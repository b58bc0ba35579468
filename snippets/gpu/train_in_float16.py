import torch
from torch import nn
from torch.nn import functional as F

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
torch.manual_seed(0)
x = torch.rand(256, 2).to(device) * 2 - 1
y = (x.square().sum(1) < 0.64).long()  # inside a circle?
model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(model.to(device).parameters(), lr=0.03)
scaler = torch.amp.GradScaler(device.type)

for _ in range(200):
    with torch.autocast(device.type, dtype=torch.float16):
        loss = F.cross_entropy(model(x), y)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)  # the gradients, before they are clipped
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()

right = (model(x).argmax(1) == y).float().mean().item()
print("above 95 %:", right > 0.95)
