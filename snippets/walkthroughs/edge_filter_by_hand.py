import torch
from torch.nn import functional as F

x = torch.zeros(1, 1, 5, 6)
x[..., 2:4] = 1.0  # a stroke from top to bottom, two pixels wide
weight = torch.tensor([[-1.0, 0.0, 1.0]]).expand(1, 1, 3, 3)

# Lay the filter on each place, multiply what lies together, add up.
by_hand = torch.zeros(3, 4)
for row in range(3):
    for column in range(4):
        window = x[0, 0, row : row + 3, column : column + 3]
        by_hand[row, column] = (window * weight[0, 0]).sum()

print(by_hand)
print(torch.equal(F.conv2d(x, weight)[0, 0], by_hand))
print(F.relu(by_hand))
