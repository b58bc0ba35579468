import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM(4, 3), nn.Linear(3, 1)

    def forward(self, x):
        output, _ = self.lstm(x)
        return self.head(output)


print(Net()(torch.ones(5, 2, 4)).shape)
