import torch
from torch import nn

for lr in (1.0, 0.1):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Linear(16, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    x = torch.linspace(-3, 3, 64).unsqueeze(1)
    losses = []
    for _ in range(40):
        loss = nn.functional.mse_loss(model(x), x**2)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    shown = " ".join(f"{value:.1e}" for value in losses[:4])
    print(f"lr {lr}: {shown} ... {losses[-1]:.1e}")
