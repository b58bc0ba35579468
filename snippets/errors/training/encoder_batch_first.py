import torch
from torch import nn

layer = nn.TransformerEncoderLayer(4, nhead=2, batch_first=True)
model = nn.TransformerEncoder(layer, num_layers=1)
print(model(torch.ones(5, 7, 4)).shape)  # (batch, time, features)
