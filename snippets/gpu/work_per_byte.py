import torch
from torch.utils.flop_counter import FlopCounterMode

print("side   x @ x   x + x")
for n in (16, 256, 4096):
    x = torch.empty(n, n, device="meta")
    moved = 3 * x.nbytes  # two inputs read, one output written
    with FlopCounterMode(display=False) as work:
        x @ x
    product = work.get_total_flops() / moved
    total = x.numel() / moved
    print(f"{n:>4} {product:>7.1f} {total:>7.2f}  operations a byte")
