import torch
from torch import nn

pictures = torch.zeros(2, 3, 32, 32)

# Your code:
# padding = ...  # so that 32 rows and columns become 16
# features = ...  # inputs of a Linear after Flatten
padding = 2  # so that 32 rows and columns become 16
features = 8 * 16 * 16  # inputs of a Linear after Flatten


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


for number in (padding, features):
    check(number is not ..., "write both numbers in place of the dots.")
    check(isinstance(number, int), "padding and features are whole numbers.")
out = nn.Conv2d(3, 8, kernel_size=5, stride=2, padding=padding)(pictures)
size = out.shape[-1]
check(size == 16, f"with the padding {padding}, 32 becomes {size}, not 16.")
why = "Flatten joins channels, rows and columns of the output, not the batch."
check(features == out[0].numel(), f"features is not {features}: {why}")
print(f"Right: {tuple(out.shape)}, so {features} features")
