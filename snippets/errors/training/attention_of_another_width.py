# raises: AssertionError
import torch
from torch import nn

attention = nn.MultiheadAttention(embed_dim=8, num_heads=2, batch_first=True)
x = torch.ones(2, 3, 4)  # (batch, time, features)
attention(x, x, x)
