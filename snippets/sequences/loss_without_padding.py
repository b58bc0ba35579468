import torch
import torch.nn.functional as F

right = torch.tensor([[1, 2, 0, 0]])  # 0 is padding
scores = torch.tensor([[[0.0, 1, 0], [0, 0, 1], [9, 0, 0], [9, 0, 0]]])
scores = scores.transpose(1, 2)  # (batch, classes, time)

every_place = F.cross_entropy(scores, right)
real_words = F.cross_entropy(scores, right, ignore_index=0)
print(f"all four places: {every_place:.3f}")
print(f"two real words:  {real_words:.3f}")
