# raises: RuntimeError
import torch

scores = torch.tensor([1.0, 2.0, 3.0])
padding = torch.tensor([0, 0, 1])
scores.masked_fill(padding, 0.0)
