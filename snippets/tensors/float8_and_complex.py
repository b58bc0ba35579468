import torch

x = torch.tensor([0.1, 1.0, 3.3])
small = x.to(torch.float8_e4m3fn)  # 8 bits each
print(small.float())
print(torch.finfo(torch.float8_e4m3fn).max)

z = torch.tensor([3 + 4j])
print(z.dtype, z.abs(), z.real)
