import torch
from torch.nn import functional as F

scores = torch.tensor([[1.0, 2.0]], requires_grad=True)
loss = F.cross_entropy(scores, torch.tensor([0]))
loss.backward()
print(loss.requires_grad, scores.grad.shape)
