# needs: cuda
# raises: TypeError
import torch

y = torch.ones(3, device="cuda")

y.numpy()
