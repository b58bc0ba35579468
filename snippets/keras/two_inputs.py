import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = nn.Linear(3, 4)
        self.right = nn.Linear(2, 4)
        self.last = nn.Linear(8, 1)

    def forward(self, a, b):
        both = torch.cat([self.left(a), self.right(b)], dim=1)
        return self.last(both.relu())


a, b, y = torch.ones(10, 3), torch.ones(10, 2), torch.ones(10, 1)
model = Two()
for ab, bb, yb in DataLoader(TensorDataset(a, b, y), batch_size=4):
    answer = model(ab, bb)
    print(tuple(ab.shape), tuple(bb.shape), answer.shape == yb.shape)
