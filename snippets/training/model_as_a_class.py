import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU())
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        x = self.body(x)  # (batch, 16)
        return self.head(x)  # (batch, 10)


torch.manual_seed(0)
model = Net()
images = torch.rand(5, 8, 8)  # five images of 8 by 8 pixels
print(model(images).shape)
print(model)
