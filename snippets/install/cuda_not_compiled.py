# raises: AssertionError
import torch

print("built for CUDA:", torch.version.cuda)
x = torch.ones(2, device="cuda")
