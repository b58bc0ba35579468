import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(100, 2)
y = x.prod(dim=1, keepdim=True)
for value in (0.5, 0.0, "random"):
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
    if value != "random":
        for weight in model.parameters():
            nn.init.constant_(weight, value)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
    for _ in range(200):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
    print(f"start {value}: loss {loss.item():.2f}, first weights", end=" ")
    print([round(w, 2) for w in model[0].weight[:, 0].tolist()])
