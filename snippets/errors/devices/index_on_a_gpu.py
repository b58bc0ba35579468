# needs: cuda
# raises: RuntimeError
import torch

data = torch.arange(5)  # on the CPU
order = torch.tensor([2, 0], device="cuda")
print(data[order])
