# raises: TypeError
import torch

torch.ones(2, 3).mean("rows")
