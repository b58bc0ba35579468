import torch
import torch.nn.functional as F
from torch import nn


def loss_after_training(shift, causal):
    torch.manual_seed(0)
    words, places = nn.Embedding(10, 32), nn.Embedding(8, 32)
    to_qkv, head = nn.Linear(32, 96), nn.Linear(32, 10)
    parts = nn.ModuleList([words, places, to_qkv, head])
    optimizer = torch.optim.Adam(parts.parameters(), lr=0.01)
    for _ in range(60):
        tokens = torch.randint(10, (16, 9))  # nothing to learn here
        x, y = tokens[:, :8], tokens[:, shift : 8 + shift]
        x = words(x) + places.weight
        q, k, v = to_qkv(x).chunk(3, dim=-1)
        x = x + F.scaled_dot_product_attention(q, k, v, is_causal=causal)
        loss = F.cross_entropy(head(x).flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


print(f"target shifted by one: {loss_after_training(1, True):.2f}")
print(f"target not shifted:    {loss_after_training(0, True):.2f}")
print(f"no causal mask:        {loss_after_training(1, False):.2f}")
