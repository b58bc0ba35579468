# raises: IndexError
import torch
from torch import nn

words = torch.tensor([0, 1, 3])
nn.Embedding(num_embeddings=3, embedding_dim=2)(words)
