import torch
import torch.nn.functional as F

y = torch.tensor([[0, 0, 1]])  # (batch, time)
scores = 20 * F.one_hot(y, 3).float()  # (batch, time, classes), all right

print("time second:   ", round(F.cross_entropy(scores, y).item(), 3))
swapped = scores.transpose(1, 2)  # (batch, classes, time)
print("classes second:", round(F.cross_entropy(swapped, y).item(), 3))
flat = F.cross_entropy(scores.flatten(0, 1), y.flatten())
print("one long list: ", round(flat.item(), 3))
