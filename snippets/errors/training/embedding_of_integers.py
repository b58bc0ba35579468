import torch
from torch import nn

words = torch.tensor([0.0, 2.0])
print(nn.Embedding(3, 4)(words.long()).shape)
