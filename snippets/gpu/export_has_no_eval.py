# raises: NotImplementedError
# takes: 20 s
import torch
from torch import nn

model = nn.Dropout(0.5)
program = torch.export.export(model, (torch.ones(4),)).module()
program.eval()
