import torch

x = torch.randint(0, 10, (3,))  # 0 to 9
print(x.dtype, x.shape)
