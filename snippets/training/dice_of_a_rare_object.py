import torch
import torch.nn.functional as F


def overlap(p, y):
    both, total = (p * y).sum(), p.sum() + y.sum()
    dice = 2 * both / total
    return dice, both / (total - both)  # and the IoU


y = torch.zeros(64, 64)
y[:6, :6] = 1  # the object: 36 of 4096 pixels
nothing = torch.full((64, 64), -6.0)  # logits: background everywhere
found = torch.where(y == 1, 6.0, -6.0)
found[:, 3:] = -6.0  # half of the object
for name, logits in {"nothing": nothing, "half": found}.items():
    p = logits.sigmoid()
    right = ((p > 0.5) == (y == 1)).float().mean()
    bce = F.binary_cross_entropy_with_logits(logits, y)
    dice, iou = overlap(p, y)
    print(f"{name:8} {right:.3f} right, cross-entropy {bce:.3f}")
    print(f"         1 - Dice {1 - dice:.3f}, 1 - IoU {1 - iou:.3f}")
