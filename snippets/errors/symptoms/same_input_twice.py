import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.norm = nn.BatchNorm1d(4)

    def forward(self, x):
        x = self.norm(self.layer(x))
        return nn.functional.dropout(x, 0.5)  # ignores eval()


torch.manual_seed(0)
model, x = Net(), torch.randn(8, 4)
print("train, twice the same:", torch.equal(model(x), model(x)))
model.eval()
print("eval, twice the same: ", torch.equal(model(x), model(x)))
alone = model.norm(model.layer(x[:1]))
among = model.norm(model.layer(x))[:1]
print("eval, alone as among others:", torch.allclose(alone, among))
