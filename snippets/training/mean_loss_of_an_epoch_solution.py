import torch
from torch import nn

torch.manual_seed(0)
x, y = torch.randn(10, 3), torch.randn(10, 1)
batches = [*zip(x.split(4), y.split(4), strict=True)]  # of 4, 4 and 2 samples
model = nn.Linear(3, 1)

# Your code:
# total = 0
# for inputs, targets in batches:
#     loss = nn.functional.mse_loss(model(inputs), targets)
#     total = total + loss
# mean = total / len(batches)
total = 0
for inputs, targets in batches:
    loss = nn.functional.mse_loss(model(inputs), targets)
    total = total + loss.detach() * len(targets)
mean = total / len(x)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


graph = getattr(mean, "grad_fn", None)
check(
    not graph, "mean keeps the graphs of all batches: add up detached losses."
)
is_number = isinstance(mean, int | float) or getattr(mean, "ndim", 1) == 0
check(is_number, "mean is not one number.")
real, mean = nn.functional.mse_loss(model(x), y).item(), float(mean)
both = f"mean is {mean:.3f}, but all samples at once give {real:.3f}"
check(mean < 2 * real, f"{both}: divide by the number of samples.")
check(mean > real / 2, f"{both}: add up each loss times its samples.")
check(abs(mean - real) < 1e-6, f"{both}: the last batch is smaller.")
print(f"Right: the mean over {len(x)} samples is {mean:.3f}")
