# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn

tokens = torch.rand(1, 2, 4)  # (batch, tokens, width)
query = tokens[:, :1]
mask = torch.tensor([[True, False]])
ours = nn.MultiheadAttention(4, 1, batch_first=True)
theirs = layers.MultiHeadAttention(num_heads=1, key_dim=4)

_, scores = ours(query, tokens, tokens, key_padding_mask=mask)
print("PyTorch:", scores.flatten().tolist())
options = {"attention_mask": mask[None], "return_attention_scores": True}
_, scores = theirs(query, tokens, **options)
print("Keras:  ", scores.flatten().tolist())
