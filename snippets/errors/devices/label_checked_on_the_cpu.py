import torch
from torch.nn import functional as F

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
scores = torch.zeros(2, 3, device=device)  # (batch, classes)
labels = torch.tensor([1, 3], device=device)

try:
    F.cross_entropy(scores.cpu(), labels.cpu())
except IndexError as error:
    print(error)
