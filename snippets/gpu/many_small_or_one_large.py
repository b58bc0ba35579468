import torch
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

torch.manual_seed(0)
a = torch.randn(1000, 8, 8)


def many_small():
    return torch.stack([x @ x for x in a])


def one_large():
    return a @ a


print("same numbers:", torch.allclose(many_small(), one_large(), atol=1e-4))
for way in (many_small, one_large):
    with FlopCounterMode(display=False) as work:
        way()
    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        way()
    # calls that no other call made
    calls = sum(event.cpu_parent is None for event in profiler.events())
    flops = work.get_total_flops()
    print(f"{way.__name__:10}  {flops} operations, calls: {calls}")
