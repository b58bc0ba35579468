# raises: RuntimeError
import torch

torch.tensor([1, 3]).std()
