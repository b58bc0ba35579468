import torch

torch.use_deterministic_algorithms(True)
print(torch.empty(2))

x = torch.zeros(4)
both_to_0 = torch.tensor([0, 0])
x.put_(both_to_0, torch.tensor([1.0, 2.0]), accumulate=True)
print(x)
