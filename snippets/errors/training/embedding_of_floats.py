# raises: RuntimeError
import torch
from torch import nn

words = torch.tensor([0.0, 2.0])
nn.Embedding(3, 4)(words)
