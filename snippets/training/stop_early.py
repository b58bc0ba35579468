import copy

import torch
from torch import nn

torch.manual_seed(0)
x, x_val = torch.randn(20, 20), torch.randn(200, 20)
y = x[:, :1] + torch.randn(20, 1)  # only the first input matters
y_val = x_val[:, :1] + torch.randn(200, 1)
model = nn.Linear(20, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
loss_fn = nn.MSELoss()

best, best_epoch, patience = float("inf"), 0, 10
kept = copy.deepcopy(model.state_dict())
for epoch in range(200):
    optimizer.zero_grad()
    loss_fn(model(x), y).backward()
    optimizer.step()
    with torch.no_grad():
        val = loss_fn(model(x_val), y_val).item()
    if val < best:
        best, best_epoch = val, epoch
        kept = copy.deepcopy(model.state_dict())
    if epoch - best_epoch == patience:
        break
model.load_state_dict(kept)
print(f"best {best:.3f} at epoch {best_epoch}, stopped at {epoch}")
