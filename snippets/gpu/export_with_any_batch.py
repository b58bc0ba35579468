# takes: 20 s
import torch
from torch import nn
from torch.export import Dim, export

torch.manual_seed(0)
model = nn.Linear(4, 3)
rows = Dim("rows", min=1, max=64)
shapes = ({0: rows},)  # of the first input, the first size
program = export(model, (torch.ones(2, 4),), dynamic_shapes=shapes)

for size in (1, 5, 64):
    x = torch.randn(size, 4)
    same = torch.equal(program.module()(x), model(x))
    print(size, "rows, equal to the model:", same)
print("limits:", *program.range_constraints.values())
