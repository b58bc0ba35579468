import torch

x = torch.tensor(64.0, requires_grad=True)

# Your code:
# y, times = ..., ...  # what is left of x, and how often you halved
y, times = x.item(), 0
while y > 1:
    y, times = y / 2, times + 1


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(y is not ..., "write your lines in place of the three dots.")
check(x.item() == 64, "x itself has changed: halve another number.")
check(not getattr(y, "grad_fn", None), "each division left a node behind y.")
check(isinstance(times, int), f"times is a {type(times).__name__}, no int.")
check(times <= 6, f"times is {times}, but 64 / 2**6 is already 1.")
check(times == 6, f"times is {times}, but 64 / 2**5 is still above 1.")
check(y == 1, f"y is {y}, not 1.0.")
print("Right:", float(y), "after", times)
