# raises: TypeError
import torch

torch.from_numpy([1, 2])
