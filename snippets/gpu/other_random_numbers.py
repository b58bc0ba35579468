# needs: compiler
# takes: 60 s
import torch
from torch import nn

dropout = nn.Dropout(0.5)
x = torch.ones(64)
torch.manual_seed(0)
eager = dropout(x)

for same in (False, True):
    torch.compiler.reset()
    with torch._inductor.config.patch(fallback_random=same):
        compiled = torch.compile(dropout)
        torch.manual_seed(0)
        equal = torch.equal(compiled(x), eager)
    print(f"fallback_random={same}: equal to eager: {equal}")
