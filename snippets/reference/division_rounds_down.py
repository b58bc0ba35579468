import torch

x = torch.tensor([7, -7])
print(x // 2)
print(torch.div(x, 2, rounding_mode="trunc"))
print([7 // 2, -7 // 2])  # plain Python
