# takes: 20 s
import torch
from torch import nn


def loss(model, tokens):  # from three tokens, predict the fourth
    return nn.functional.cross_entropy(model(tokens[:, :3]), tokens[:, 3])


def train(model, tokens):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(50):
        optimizer.zero_grad()
        loss(model, tokens).backward()
        optimizer.step()
    print(f"  up {loss(model, up):.2f}, down {loss(model, up.flip(1)):.2f}")


n = torch.arange(30)[:, None]
up = (n + (n // 10 + 1) * torch.arange(4)) % 10  # such as 7 9 1 3
for seed in range(3):
    print("seed", seed)
    torch.manual_seed(seed)
    layers = nn.Linear(48, 128), nn.ReLU(), nn.Linear(128, 10)
    model = nn.Sequential(nn.Embedding(10, 16), nn.Flatten(), *layers)
    train(model, up)
    train(model, up.flip(1))
