import torch

t = torch.tensor([[1.0, 3.0], [2.0, 8.0]])
wrong = t / t.sum(dim=1)
right = t / t.sum(dim=1, keepdim=True)
print(wrong)
print(right)
print(wrong.sum(dim=1), right.sum(dim=1))
