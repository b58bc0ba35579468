import torch
from torch import nn


def trained_loss(lr=0.1):
    x = torch.linspace(-1, 1, 9).reshape(-1, 1)
    model = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.linspace(-0.5, 0.5, p.numel()).view_as(p))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(50):
        loss = (model(x) - x**2).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def test_loss_is_as_recorded():
    golden = 0.13702  # printed by an earlier run
    assert abs(trained_loss() - golden) < 1e-4


print(f"{trained_loss():.5f}")
print(f"{trained_loss(lr=0.11):.5f}")
test_loss_is_as_recorded()
