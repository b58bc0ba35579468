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


def loss(model, tokens):  # from three tokens, predict the fourth
    return nn.functional.cross_entropy(model(tokens[:, :3]), tokens[:, 3])


def train(model, tokens):
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=0.01)
    for _ in range(50):
        optimizer.zero_grad()
        loss(model, tokens).backward()
        optimizer.step()
    print(sum(p.numel() for p in trained), "weights trained")
    print(f"  up {loss(model, up):.2f}, down {loss(model, up.flip(1)):.2f}")


n = torch.arange(30)[:, None]
up = (n + (n // 10 + 1) * torch.arange(4)) % 10  # such as 7 9 1 3
torch.manual_seed(0)
layers = nn.Linear(48, 128), nn.ReLU(), nn.Linear(128, 10)
model = nn.Sequential(nn.Embedding(10, 16), nn.Flatten(), *layers)
train(model, up)
model.requires_grad_(False)
model[2], model[4] = LoRA(model[2]), LoRA(model[4])
train(model, up.flip(1))  # down, such as 3 1 9 7
