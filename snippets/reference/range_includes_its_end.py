# warns: UserWarning
import torch

print(torch.arange(0, 3))
print(torch.range(0, 3))
