# takes: 20 s
import torch
from torch import nn

model = nn.Dropout(0.5)
x = torch.ones(1000)
for mode in (model.train, model.eval):
    mode()
    program = torch.export.export(model, (x,)).module()
    dropped = (program(x) == 0).sum().item()
    print(f"exported in {mode.__name__} mode drops some: {dropped > 0}")
