import torch
from torch import nn

attention = nn.MultiheadAttention(4, 1, batch_first=True)
x = torch.ones(2, 3, 4)  # (batch, time, features)
padding = torch.tensor([[False, False, True], [True, True, True]])
_, weights = attention(x, x, x, key_padding_mask=padding)
print(weights.isnan().any((1, 2)))
padding[:, 0] = False  # leave each sample one place to look at
_, weights = attention(x, x, x, key_padding_mask=padding)
print(weights.isnan().any((1, 2)))
