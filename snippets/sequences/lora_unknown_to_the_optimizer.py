import torch
from torch import nn


class LoRA(nn.Module):
    def __init__(self, base, rank=4, alpha=8):
        super().__init__()
        self.base, self.scale = base.requires_grad_(False), alpha / rank
        self.A = nn.Parameter(torch.randn(rank, base.in_features) / 10)
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x):
        return self.base(x) + self.scale * (x @ self.A.T @ self.B.T)


for order in ("optimizer first", "LoRA first"):
    torch.manual_seed(0)
    x, y = torch.randn(64, 8), torch.ones(64, 8)
    model = nn.Sequential(nn.Linear(8, 8))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    model[0] = LoRA(model[0])
    if order == "LoRA first":
        optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(50):
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"{order:15} loss {loss:.3f}, largest B {model[0].B.max():.3f}")
