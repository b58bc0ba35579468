import copy

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
x = torch.randn(1024, 10)
y = (x[:, 0] * x[:, 1] + x[:, 2] / 2 > 0).long()
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 2))
before = copy.deepcopy(model.state_dict())

optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9)
losses = {}
rate = 1e-4
while rate < 10:
    optimizer.param_groups[0]["lr"] = rate
    rows = torch.randint(512, (128,))
    loss = F.cross_entropy(model(x[rows]), y[rows])
    losses[rate] = loss.item()
    if losses[rate] > 4 * min(losses.values()):
        break
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    rate *= 1.12

model.load_state_dict(before)
for rate, loss in list(losses.items())[:71:14]:
    print(f"{rate:.4f}  {loss:.1f}")
lowest = min(losses, key=losses.get)
print(f"lowest loss near {lowest:.1f}, so begin with {lowest / 10:.2f}")
