import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
x = torch.randn(1, 3, 4)
later = torch.ones(3, 3, dtype=torch.bool).triu(1)
print(later)

module = nn.MultiheadAttention(4, 1, batch_first=True)
_, weights = module(x, x, x, attn_mask=later)
print("module:  ", (weights[0, 0] > 0).tolist())

shown = torch.eye(3)[None]  # as v, it makes the result the weights
weights = F.scaled_dot_product_attention(x, x, shown, attn_mask=later)
print("function:", (weights[0, 0] > 0).tolist())
weights = F.scaled_dot_product_attention(x, x, shown, attn_mask=~later)
print("with ~:  ", (weights[0, 0] > 0).tolist())
