import torch
from torch.nn import functional as F

torch.manual_seed(0)
x = torch.randint(0, 4, (1, 1, 4, 4)).float()
weight = torch.randint(-2, 3, (1, 1, 3, 3)).float()

# Lay the filter on each place, multiply what lies together, add up.
by_hand = torch.zeros(2, 2)
for row in range(2):
    for column in range(2):
        window = x[0, 0, row : row + 3, column : column + 3]
        by_hand[row, column] = (window * weight[0, 0]).sum()

print(by_hand)
print(torch.equal(F.conv2d(x, weight)[0, 0], by_hand))
print(F.relu(by_hand))
