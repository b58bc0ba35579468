# raises: AttributeError
import torch

scores = torch.tensor([[0.1, 0.9], [0.8, 0.2]])
guess = scores.max(dim=1)
guess.float()
