import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(2, 3, 4)  # (batch, time, features)
layer = nn.TransformerEncoderLayer(4, nhead=2, batch_first=True)
model = nn.TransformerEncoder(layer, 1).eval()
print(torch.allclose(model(x)[0], model(x[:1])[0], atol=1e-5))
