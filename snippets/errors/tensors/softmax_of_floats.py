import torch

scores = torch.tensor([0, 0])
print(scores.float().softmax(dim=0))
