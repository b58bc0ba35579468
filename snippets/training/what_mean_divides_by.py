import torch
import torch.nn.functional as F

torch.manual_seed(0)
logits = torch.randn(4, 3)
y = torch.tensor([0, 0, 1, 2])
one_hot = F.one_hot(y, 3).float()
w = torch.tensor([1.0, 5.0, 9.0])  # one weight for each class


def divisor(loss, *args, **options):
    total = loss(*args, reduction="sum", **options)
    return f"{total / loss(*args, **options):.1f}"


cross, binary = F.cross_entropy, F.binary_cross_entropy_with_logits
print("plain            ", divisor(cross, logits, y))
print("weight           ", divisor(cross, logits, y, weight=w))
print("weight, one-hot  ", divisor(cross, logits, one_hot, weight=w))
print("ignore_index=0   ", divisor(cross, logits, y, ignore_index=0))
print("pos_weight       ", divisor(binary, logits, one_hot, pos_weight=w))
each = w.expand(4, 3)
print("mse_loss weight  ", divisor(F.mse_loss, logits, one_hot, weight=each))
print("huber_loss weight", divisor(F.huber_loss, logits, one_hot, weight=each))
