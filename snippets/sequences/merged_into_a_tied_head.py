import torch
from torch import nn

torch.manual_seed(0)
tokens = torch.tensor([3, 1, 4])
update = torch.randn(10, 2) @ torch.randn(2, 16) / 10  # scale * B @ A
for tied in (True, False):
    embed, head = nn.Embedding(10, 16), nn.Linear(16, 10, bias=False)
    if tied:
        head.weight = embed.weight
    tuned = head(embed(tokens)) + embed(tokens) @ update.T
    head.requires_grad_(False).weight += update
    gap = (head(embed(tokens)) - tuned).abs().max()
    print(f"tied: {tied!s:5} gap {gap:.4f}")
