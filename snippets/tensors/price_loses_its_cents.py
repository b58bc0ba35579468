import torch

whole = torch.tensor([10, 20, 30])
prices = torch.tensor([10.0, 20, 30])
switches = torch.tensor([True, False])
print(whole.dtype, prices.dtype, switches.dtype)

whole[0] = 9.95
prices[0] = 9.95
print(whole)
print(prices)
