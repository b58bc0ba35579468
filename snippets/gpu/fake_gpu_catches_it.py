import torch
from torch._subclasses.fake_tensor import FakeTensorMode

kind = "cuda"  # a name only: nothing here needs a GPU
with FakeTensorMode():
    there, here = torch.ones(2, 3, device=kind), torch.ones(3, 2)
    print("a is on", there.device)
    tries = {
        "a + b.T": lambda: there + here.T,
        "a @ b": lambda: there @ here,
        "b += a.T": lambda: here.add_(there.T),
    }
    for name, run in tries.items():
        try:
            print(f"{name:9} passes, on {run().device}")
        except RuntimeError as error:
            print(f"{name:9} raises: {str(error).partition(',')[0]}")
