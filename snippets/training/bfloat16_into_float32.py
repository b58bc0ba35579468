import torch
from torch import nn

torch.manual_seed(0)
trained = nn.Linear(4, 2)
saved = {k: v.bfloat16() for k, v in trained.state_dict().items()}
for assign in (False, True):
    new = nn.Linear(4, 2)
    new.load_state_dict(saved, assign=assign)
    gap = (new.weight - trained.weight).abs().max()
    print(f"assign={assign!s:5} {new.weight.dtype} gap {gap:.4f}")
