# raises: ValueError
# takes: 20 s
import torch
from torch import nn
from torch.export import Dim, export

model = nn.Linear(4, 3)
shapes = ({0: Dim.DYNAMIC},)
export(model, (torch.ones(2, 4),), dynamic_shapes=shapes)
print("two rows: exported")
export(model, (torch.ones(1, 4),), dynamic_shapes=shapes)
