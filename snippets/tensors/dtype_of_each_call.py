import numpy as np
import torch

calls = """\
torch.tensor([True])
torch.tensor([1, 2])
torch.tensor([1.0, 2])
torch.Tensor([1, 2])
torch.tensor(np.ones(2))
torch.zeros(2)
torch.arange(2)
torch.arange(2.0)
torch.arange(2) / 2
torch.arange(2) // 2
torch.arange(2) > 0
torch.arange(2).sum()
(torch.arange(2) > 0).sum()
"""
names = {"np": np, "torch": torch}
for call in calls.splitlines():
    print(f"{call:28}", eval(call, names).dtype)
