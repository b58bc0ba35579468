import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

batch, width = 64, 4096
with torch.device("meta"):
    model = nn.Linear(width, width)
    x = torch.ones(batch, width, requires_grad=True)

with FlopCounterMode(display=False) as forward:
    y = model(x)
with FlopCounterMode(display=False) as backward:
    y.sum().backward()

print("by hand: ", 2 * batch * width * width)
print("forward: ", forward.get_total_flops())
print("backward:", backward.get_total_flops())
