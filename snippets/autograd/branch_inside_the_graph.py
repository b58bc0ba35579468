import torch
from torch import nn


class Branch(nn.Module):
    def forward(self, x):
        return torch.cond(x > 0, lambda x: 3 * x, lambda x: x**2, (x,))


program = torch.export.export(Branch(), (torch.tensor(1.0),))
exported = program.module()
print(exported(torch.tensor(2.0)))
print(exported(torch.tensor(-2.0)))
