import torch
from torch import nn

labels = torch.tensor([0] * 70 + [1] * 20 + [2] * 10)
same = torch.zeros(100, 3)  # no class is preferred
shares = labels.bincount() / len(labels)
counted = shares.log().expand(100, 3)  # as often as in the data
values = torch.linspace(0, 9, 100)
mean = torch.full((100,), values.mean())

cross_entropy = nn.functional.cross_entropy
print(f"all classes alike: loss {cross_entropy(same, labels):.3f}")
print(f"classes as common: loss {cross_entropy(counted, labels):.3f}")
print(f"always class 0:    {(labels == 0).float().mean():.0%} right")
print(f"always the mean:   loss {nn.functional.mse_loss(mean, values):.3f}")
