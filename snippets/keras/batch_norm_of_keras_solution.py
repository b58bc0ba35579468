import torch
from torch import nn

# Your code:
# norm = ...  # with the defaults of Keras
norm = nn.BatchNorm1d(3, eps=0.001, momentum=0.01)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(norm is not ..., "write your expression in place of the three dots.")
is_norm = isinstance(norm, nn.BatchNorm1d)
check(is_norm, f"norm is a {type(norm).__name__}, no nn.BatchNorm1d.")
check(norm.num_features == 3, f"norm has {norm.num_features} features, not 3.")
norm(torch.full((4, 3), 10.0))
mean = round(norm.running_mean[0].item(), 2)
why = "the old mean should count 0.99."
check(mean == 0.1, f"a batch of 10 moved the mean from 0 to {mean}: {why}")
check(norm.eps == 0.001, f"epsilon is {norm.eps}, not that of Keras.")
print("Right: after one batch of 10, the running mean is", mean)
