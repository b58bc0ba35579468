import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode


class Names(TorchDispatchMode, list):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.append(func.overloadpacket.__name__)
        return func(*args, **(kwargs or {}))


model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
x = torch.ones(4, 64)
for on in (False, True):
    with Names() as ran, torch.autocast("cpu", torch.bfloat16, enabled=on):
        model(x).sum().backward()
    casts = ran.count("_to_copy")
    print(f"autocast {on}: {len(ran)} operations, {casts} of them casts")
