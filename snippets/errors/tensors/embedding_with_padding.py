import torch
from torch import nn

words = torch.tensor([2, 1, -1]) + 1  # the padding is 0 now
embedding = nn.Embedding(4, 2, padding_idx=0)
print(embedding(words)[-1])
