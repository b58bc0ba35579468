import copy

import torch
from torch import nn


class LoRA(nn.Module):
    def __init__(self, base, rank=2, alpha=4):
        super().__init__()
        self.base, self.scale = base.requires_grad_(False), alpha / rank
        self.A = nn.Parameter(torch.randn(rank, base.in_features) / 10)
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x):
        return self.base(x) + self.scale * (x @ self.A.T @ self.B.T)


torch.manual_seed(0)
old = nn.Sequential(nn.Linear(8, 32), nn.LayerNorm(32), nn.Linear(32, 1))
x, y = torch.randn(64, 8), torch.randn(64, 1)
for freeze in (False, True):
    model = copy.deepcopy(old).requires_grad_(not freeze)
    model[0] = LoRA(model[0])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(50):
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        optimizer.zero_grad()
    rebuilt = nn.Sequential(model[0], *old[1:])  # old model and adapter
    print(
        f"frozen: {freeze!s:5} gap {(model(x) - rebuilt(x)).abs().max():.3f}"
    )
