import torch
from torch import nn

body = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1),
    nn.MaxPool2d(2),
    nn.Conv2d(8, 16, 3),
    nn.MaxPool2d(2),
    nn.Flatten(),
)

# Your code:
# features = ...  # for pictures of 1 x 14 x 14
features = 16 * 2 * 2


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(features is not ..., "write your number in place of the three dots.")
kind = type(features).__name__
check(isinstance(features, int), f"features is a {kind}, no whole number.")
found = body(torch.zeros(2, 1, 14, 14))
why = {
    144: "without padding, the second Conv2d takes two rows and columns away.",
    400: "the second MaxPool2d halves 5 rows and columns to 2.",
    16: "16 is the channels: each is a picture of its own.",
    128: "the batch does not count.",
}.get(features, "follow the rows: 14, 14, 7, 5, 2.")
check(features == found.shape[1], f"Linear does not fit {features}: {why}")
answers = nn.Linear(features, 10)(found)
print("Right: two pictures give answers of", tuple(answers.shape))
