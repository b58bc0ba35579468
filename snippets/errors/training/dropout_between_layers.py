import torch
from torch import nn

torch.manual_seed(0)
model = nn.LSTM(4, 3, num_layers=2, dropout=0.5)
x = torch.ones(5, 2, 4)
print(torch.equal(model(x)[0], model(x)[0]))
