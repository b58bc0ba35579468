import torch
from torch import nn

a, b = torch.ones(2, 3, device="meta"), torch.ones(3, 2)
tries = {
    "layer(b)": lambda: nn.Linear(2, 1, device="meta")(b),
    "a + b.T": lambda: a + b.T,
    "a @ b": lambda: a @ b,
    "b += a.T": lambda: b.add_(a.T),
}
for name, run in tries.items():
    try:
        print(f"{name:9} passes, on {run().device}")
    except RuntimeError as error:
        print(f"{name:9} raises {type(error).__name__}")
