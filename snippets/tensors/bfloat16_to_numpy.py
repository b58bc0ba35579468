# raises: TypeError
import torch

x = torch.tensor([0.5, 1.5], dtype=torch.bfloat16)
x.numpy()
