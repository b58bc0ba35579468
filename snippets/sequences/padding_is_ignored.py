import torch
from torch import nn

torch.manual_seed(0)
attention = nn.MultiheadAttention(4, 1, batch_first=True)
x = torch.randn(2, 5, 4)
x[1, 2:] = 0  # the second sequence has two real places
real = torch.arange(5) < torch.tensor([[5], [2]])
alone = attention(x[1:, :2], x[1:, :2], x[1:, :2])[0]

for name, mask in {"none": None, "real": real, "~real": ~real}.items():
    y, _ = attention(x, x, x, key_padding_mask=mask)
    gap = (y[1, :2] - alone[0]).abs().max()
    print(f"key_padding_mask={name}: gap {gap:.3f}")
