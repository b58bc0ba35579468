import torch

votes = torch.tensor([2, 0, 2, 2])
wrong = torch.zeros(3)
wrong[votes] += 1
print(wrong)

right = torch.zeros(3)
right.scatter_add_(0, votes, torch.ones(4))
print(right)
print(torch.bincount(votes, minlength=3))
