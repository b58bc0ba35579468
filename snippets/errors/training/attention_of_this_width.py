import torch
from torch import nn

x = torch.ones(2, 3, 4)  # (batch, time, features)
attention = nn.MultiheadAttention(x.shape[-1], num_heads=2, batch_first=True)
print(attention(x, x, x)[0].shape)
