import torch
from torch import nn

model = nn.Sequential(nn.Linear(100, 200), nn.ReLU(), nn.Linear(200, 10))
count = sum(p.numel() for p in model.parameters())  # float32

# Your code:
# size = ...  # bytes of weights, gradients and what Adam keeps
size = 4 * (1 + 1 + 2) * count


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(size is not ..., "write your expression in place of the three dots.")
is_number = isinstance(size, int | float | torch.Tensor)
check(is_number, f"size is a {type(size).__name__}, no number.")
check(torch.as_tensor(size).numel() == 1, "size is more than one number.")
parts = float(size) / count
check(parts != 1, "that is how many weights: each takes 4 bytes.")
check(parts != 4, "those are the weights alone.")
check(parts != 8, "those are weights and gradients: Adam keeps two averages.")
check(parts != 12, "of weights, gradients and two averages, one is missing.")
optimizer = torch.optim.Adam(model.parameters())
model(torch.ones(1, 100)).sum().backward()
optimizer.step()
kept = [t for one in optimizer.state.values() for t in one.values()]
held = [*model.parameters(), *(p.grad for p in model.parameters()), *kept]
true = sum(t.nbytes for t in held)
fits = abs(float(size) - true) < 100
check(fits, f"{size} bytes are {parts:.1f} for each weight, not 16.")
print(f"Right: {true} bytes, 16 for each weight and 4 for each count of steps")
