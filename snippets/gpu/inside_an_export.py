# takes: 20 s
import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
program = torch.export.export(model, (torch.ones(2, 4),))

for part in program.graph_signature.input_specs:
    print(f"{part.kind.name:12}", part.target or part.arg.name)
for node in program.graph.nodes:
    if node.op == "call_function":
        shape = tuple(node.meta["val"].shape)
        print(f"{node.target!s:20}", shape)
