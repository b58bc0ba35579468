# raises: AttributeError
import torch
from torch import nn

nn.relu(torch.tensor([-1.0, 2.0]))
