# raises: RuntimeError
import torch

scores = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
choice = torch.tensor([[1.0], [0.0]])
scores.gather(1, choice)
