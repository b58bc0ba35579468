# raises: TypeError
import torch

torch.zeros(10 / 2)
