import torch
from torch import nn

x = torch.ones(1, 3, 4)
later = torch.ones(3, 3, dtype=torch.bool).triu(1)
padded = torch.tensor([[False, False, True]])
attention = nn.MultiheadAttention(4, 2, batch_first=True)
weights = attention(x, x, x, attn_mask=later, key_padding_mask=padded)[1]
print(weights)
