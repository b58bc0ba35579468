# warns: UserWarning
import torch
from torch import nn

x = torch.ones(1, 3, 4)
later = nn.Transformer.generate_square_subsequent_mask(3)  # floats
padded = torch.tensor([[False, False, True]])
attention = nn.MultiheadAttention(4, 2, batch_first=True)
attention(x, x, x, attn_mask=later, key_padding_mask=padded)
