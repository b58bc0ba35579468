import torch
from torch import nn

torch.manual_seed(0)
words = torch.tensor([[2, 1, 0, 0]])  # 0 is padding
for padding_idx in [None, 0]:
    embedding = nn.Embedding(3, 4, padding_idx=padding_idx)
    embedding(words).sum().backward()
    row, grad = embedding.weight[0].detach(), embedding.weight.grad[0]
    print(
        f"padding_idx={padding_idx}: row 0 is zero: {not row.any()},", end=" "
    )
    print("its gradient:", grad.tolist())
