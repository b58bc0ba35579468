# raises: AssertionError
from torch import nn

nn.MultiheadAttention(embed_dim=10, num_heads=4)
