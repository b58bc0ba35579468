# raises: TypeError
import torch
from torch import nn

model = nn.Dropout(0.5)
model(torch.ones(4), training=False)
