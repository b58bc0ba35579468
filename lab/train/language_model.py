"""A small GPT, built like GPT-2, that has read one book."""

import torch
from torch import nn
from torch.nn import functional as F


# --8<-- [start:model]
# --8<-- [start:block]
class Block(nn.Module):
    """Attention, then an MLP; each adds something to what came in."""

    def __init__(self, width, heads, dropout):
        super().__init__()
        self.heads = heads
        self.norm_1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm_2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.drop = nn.Dropout(dropout)

    def attention(self, x):
        # Query, key and value of each head: (3, batch, heads, time, size)
        parts = self.qkv(x).unflatten(2, (3, self.heads, -1))
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        x = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(x.transpose(1, 2).flatten(2))

    def forward(self, x):  # (batch, time, width)
        x = x + self.drop(self.attention(self.norm_1(x)))
        inner = F.gelu(self.up(self.norm_2(x)), approximate="tanh")
        return x + self.drop(self.down(inner))


# --8<-- [end:block]
# --8<-- [start:gpt]
class GPT(nn.Module):
    """Ids (batch, time) to logits of the next id (batch, time, vocabulary)."""

    def __init__(
        self,
        vocabulary=512,
        context=64,
        width=64,
        heads=4,
        blocks=3,
        dropout=0.1,
    ):
        super().__init__()
        self.context = context
        self.token = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(context, width)
        nn.init.normal_(self.token.weight, std=0.02)
        nn.init.normal_(self.position.weight, std=0.02)
        self.blocks = nn.Sequential(
            *(Block(width, heads, dropout) for _ in range(blocks))
        )
        self.norm = nn.LayerNorm(width)
        self.drop = nn.Dropout(dropout)

    def forward(self, ids):
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.drop(self.token(ids) + self.position(places))
        x = self.norm(self.blocks(x))
        return x @ self.token.weight.T  # the embedding again: tied


# --8<-- [end:gpt]
# --8<-- [end:model]
