import torch
from torch.nn import functional as F

scores = torch.zeros(2, 3)  # (batch, classes)
y = torch.tensor([0.0, 2.0])
print(F.cross_entropy(scores, y.long()))  # log(3): all classes alike
