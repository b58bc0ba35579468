import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
x = torch.randn(1024, 10)
y = (x[:, 0] * x[:, 1] + x[:, 2] / 2 > 0).long()


def validation_loss(batch, rate, epochs=20):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    for _ in range(epochs):
        for rows in torch.randperm(512).split(batch):
            loss = F.cross_entropy(model(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return F.cross_entropy(model(x[512:]), y[512:]).item()


for batch, rate in ((32, 0.1), (128, 0.1), (128, 0.4)):
    print(f"batch {batch:3}, rate {rate}: {validation_loss(batch, rate):.2f}")
