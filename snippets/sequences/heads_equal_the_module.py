import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
heads = 2
module = nn.MultiheadAttention(8, heads, batch_first=True)
x = torch.randn(3, 5, 8)  # (batch, time, features)


def split(x):  # (batch, heads, time, features of a head)
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


qkv = F.linear(x, module.in_proj_weight, module.in_proj_bias)
q, k, v = map(split, qkv.chunk(3, dim=-1))
y = F.scaled_dot_product_attention(q, k, v)
y = module.out_proj(y.transpose(1, 2).flatten(2))

expected, weights = module(x, x, x)
print(f"gap below 1e-6: {(y - expected).abs().max() < 1e-6}")
print("weights:", tuple(weights.shape))
_, weights = module(x, x, x, average_attn_weights=False)
print("of each head:", tuple(weights.shape))
