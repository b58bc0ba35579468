import torch
from torch import nn

x = torch.ones(2, 3, 4)  # (batch, time, features)
later = torch.ones(3, 3, dtype=torch.bool).triu(1)
attention = nn.MultiheadAttention(4, 2, batch_first=True)
print(attention(x, x, x, attn_mask=later)[0].shape)
