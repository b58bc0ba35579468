import torch

y = torch.arange(3).repeat_interleave(20)  # 20 of each class, sorted
share = 0.2

first = int(len(y) * (1 - share))
print("last rows:", y[first:].bincount(minlength=3).tolist())

torch.manual_seed(0)
order = torch.randperm(len(y))
print("shuffled: ", y[order][first:].bincount(minlength=3).tolist())
