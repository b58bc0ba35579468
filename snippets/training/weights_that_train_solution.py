import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))
model[0].requires_grad_(False)

# Your code:
# count = ...  # how many numbers an optimizer can change
count = sum(p.numel() for p in model.parameters() if p.requires_grad)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(count is not ..., "write your expression in place of the three dots.")
kind = type(count).__name__
is_number = isinstance(count, int | float | torch.Tensor)
check(is_number, f"count is a {kind}, no number.")
size = torch.as_tensor(count).numel()
check(size == 1, f"count has {size} numbers: add them up.")
count = float(count)
check(count != 74, "74 counts the frozen layer, too.")
check(count not in (4, 6), f"{count:.0f} tensors: add up their numel().")
check(count != 91, "91 counts the running mean and variance, too.")
check(count == 34, f"count is {count:.0f}, but 16 and 18 numbers train.")
print("Right: 34 of 74 parameters train")
