# takes: 20 s
import torch
from torch import nn


class Scale(nn.Module):
    factor = 2.0

    def forward(self, x):
        return self.factor * x


model, x = Scale(), torch.tensor([1.0, 2.0])
exported = torch.export.export(model, (x,)).module()
compiled = torch.compile(model, backend="eager")
for factor in (2.0, 3.0):
    model.factor = factor
    print("factor", factor)
    print("    eager   ", model(x).tolist())
    print("    compiled", compiled(x).tolist())
    print("    exported", exported(x).tolist())
