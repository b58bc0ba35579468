import torch
from torch._subclasses.fake_tensor import FakeTensorMode

kind = "cuda"  # a name only: nothing here needs a GPU
with FakeTensorMode():
    a, b = torch.ones(2, 3, device=kind), torch.ones(3, 2)
    print("a is on", a.device)
    tries = {
        "a + b.T": lambda: a + b.T,
        "a @ b": lambda: a @ b,
        "b += a.T": lambda: b.add_(a.T),
    }
    for name, run in tries.items():
        try:
            print(f"{name:9} passes, on {run().device}")
        except RuntimeError as error:
            print(f"{name:9} raises: {str(error).partition(',')[0]}")
