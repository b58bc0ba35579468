import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def forward(self, x):
        return F.dropout(x, 0.5)


class Fixed(nn.Module):
    def forward(self, x):
        return F.dropout(x, 0.5, training=self.training)


x = torch.ones(100)
for model in (Net().eval(), Fixed().eval()):
    print(torch.equal(model(x), x))
