# raises: RuntimeError
import torch

torch.tensor([1, 2, 4]) ** -1
