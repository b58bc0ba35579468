import torch
from torch import nn
from torch.nn import functional as F

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")


def train(mixed):
    torch.manual_seed(0)
    x = torch.rand(256, 2).to(device) * 2 - 1
    y = (x.square().sum(1) < 0.64).long()  # inside a circle?
    model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 2))
    optimizer = torch.optim.Adam(model.to(device).parameters(), lr=0.03)
    for _ in range(200):
        with torch.autocast(device.type, torch.bfloat16, enabled=mixed):
            loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return (model(x).argmax(1) == y).float().mean().item()


print("float32, above 95 %:", train(mixed=False) > 0.95)
print("mixed, above 95 %:  ", train(mixed=True) > 0.95)
