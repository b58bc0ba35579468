# raises: IndexError
import torch
from torch import nn

words = torch.zeros(1, 5, dtype=torch.long)  # (batch, time)
positions = nn.Embedding(num_embeddings=4, embedding_dim=2)
print(words.shape[1], positions.num_embeddings)
positions(torch.arange(words.shape[1]))
