import torch

x = torch.arange(12).reshape(1, 3, 4)  # (batch, time, features)

right = x.unflatten(-1, (2, 2)).transpose(1, 2)  # (batch, heads, time, 2)
wrong = x.reshape(1, 2, 3, 2)
print("right, head 0:", right[0, 0].tolist())
print("wrong, head 0:", wrong[0, 0].tolist())
