import torch

scores = torch.tensor([1.0, 2.0, 3.0])
padding = torch.tensor([0, 0, 1])
print(scores.masked_fill(padding.bool(), 0.0))
