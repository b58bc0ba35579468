import torch

plus_one = torch.compile(lambda x: x + 1, backend="eager")
print(plus_one(torch.ones(2)))
