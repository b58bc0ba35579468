# raises: IndexError
import torch
from torch import nn

words = torch.tensor([2, 1, -1])  # -1 fills up a short sentence
print(words.min())
nn.Embedding(num_embeddings=3, embedding_dim=2)(words)
