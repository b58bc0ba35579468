import torch
import torch.nn.functional as F


def focal_loss(logits, y, gamma):
    ce = F.cross_entropy(logits, y, reduction="none")  # (batch,)
    p = torch.exp(-ce)  # the probability of the right class
    return ((1 - p) ** gamma * ce).mean()


torch.manual_seed(0)
logits, y = torch.randn(6, 3), torch.tensor([0, 1, 2, 0, 1, 2])
plain = F.cross_entropy(logits, y, reduction="none").mean()
print(focal_loss(logits, y, gamma=0) == plain)

easy = torch.tensor([[4.0, 0.0, 0.0]])  # right, and nearly sure
hard = torch.tensor([[0.0, 4.0, 0.0]])  # wrong, and nearly sure
zero = torch.tensor([0])
for gamma in (0, 2):
    small, large = (focal_loss(x, zero, gamma) for x in (easy, hard))
    print(f"gamma {gamma}: easy {small:.6f}, hard {large:.3f}")
