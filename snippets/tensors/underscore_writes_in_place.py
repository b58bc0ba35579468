import torch

x = torch.tensor([1.0, 2.0])
same = x  # a second name, no copy
y = x.add(1)
print(same, y)

x.add_(1)  # as x += 1
print(same)
x = x + 1  # a new tensor: same keeps the old one
print(same, x)
