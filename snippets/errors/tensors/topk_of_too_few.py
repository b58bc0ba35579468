# raises: RuntimeError
import torch

scores = torch.zeros(2, 3)  # three classes
scores.topk(5)
