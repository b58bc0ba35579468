# raises: RuntimeError
import torch

i = torch.tensor([1, 2, 3])
i += 0.5
