import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode


class CountCalls(TorchDispatchMode):
    calls = views = 0

    def __torch_dispatch__(self, op, types, args=(), kwargs=None):
        self.calls += 1
        self.views += op.is_view  # such as t(): no arithmetic, no copy
        return op(*args, **(kwargs or {}))


model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
for batch in (1, 32, 1024):
    x, y = torch.ones(batch, 64), torch.zeros(batch, dtype=torch.long)
    model.zero_grad()
    with FlopCounterMode(display=False) as work, CountCalls() as count:
        nn.functional.cross_entropy(model(x), y).backward()
    flops = work.get_total_flops()
    calls = f"{count.calls} calls, {count.views} are views"
    print(f"batch {batch:>4}: {calls}, {flops:>8} operations")
