import torch

print(torch.get_default_dtype())
i = torch.tensor([1, 2])
torch.set_default_dtype(torch.float64)
print(torch.tensor([1.5]).dtype, torch.zeros(2).dtype)
print((i / 2).dtype, (i + 0.5).dtype)
print(torch.tensor([1]).dtype, torch.arange(3).dtype)
torch.set_default_dtype(torch.float32)  # as it was
