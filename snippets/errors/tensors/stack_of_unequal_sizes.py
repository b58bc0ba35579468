# raises: RuntimeError
import torch

parts = [torch.ones(2), torch.ones(3)]
torch.stack(parts)
