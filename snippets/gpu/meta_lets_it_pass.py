import torch
from torch import nn

there, here = torch.ones(2, 3, device="meta"), torch.ones(3, 2)
tries = {
    "layer(b)": lambda: nn.Linear(2, 1, device="meta")(here),
    "a + b.T": lambda: there + here.T,
    "a @ b": lambda: there @ here,
    "b += a.T": lambda: here.add_(there.T),
}
for name, run in tries.items():
    try:
        print(f"{name:9} passes, on {run().device}")
    except RuntimeError as error:
        print(f"{name:9} raises {type(error).__name__}")
