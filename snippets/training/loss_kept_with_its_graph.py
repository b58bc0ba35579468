# warns: UserWarning
import torch

w = torch.tensor(1.0, requires_grad=True)
total = 0.0
for x in (1.0, 2.0, 3.0):
    loss = (w * x - 1) ** 2
    total += loss  # a tensor now, with three graphs
print(total)
print(float(total))
