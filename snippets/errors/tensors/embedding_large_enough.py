import torch
from torch import nn

words = torch.tensor([0, 1, 3])
embedding = nn.Embedding(num_embeddings=4, embedding_dim=2)
print(words.max() < embedding.num_embeddings)
print(embedding(words).shape)
