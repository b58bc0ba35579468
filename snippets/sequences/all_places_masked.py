import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
x = torch.randn(1, 2, 4)
padding = torch.tensor([[True, True]])  # nothing is left

module = nn.MultiheadAttention(4, 1, batch_first=True)
y, _ = module(x, x, x, key_padding_mask=padding)
print("module:  ", y[0, 0].tolist())
y = F.scaled_dot_product_attention(x, x, x, attn_mask=~padding)
print("function:", y[0, 0].tolist())
