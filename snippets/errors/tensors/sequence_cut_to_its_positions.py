import torch
from torch import nn

words = torch.zeros(1, 5, dtype=torch.long)  # (batch, time)
positions = nn.Embedding(num_embeddings=4, embedding_dim=2)
words = words[:, : positions.num_embeddings]
print(positions(torch.arange(words.shape[1])).shape)
