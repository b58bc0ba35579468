import torch
from torch import nn

torch.manual_seed(0)
y = torch.arange(1800) % 10
x = torch.rand(10, 64)[y] + 2 * torch.rand(1800, 64)
batches = list(zip(x[:1344].split(64), y[:1344].split(64), strict=True))


def train(order):
    torch.manual_seed(10)
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for xb, yb in batches * 10:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(xb[order]), yb[order]).backward()
        optimizer.step()
    return (model(x[1344:]).argmax(1) == y[1344:]).float().mean()


one, two = train(torch.arange(64)), train(torch.arange(64).flip(0))
print("both above 85 %:", min(one, two).item() > 0.85)
print("within 2 points:", abs(one - two).item() < 0.02)
