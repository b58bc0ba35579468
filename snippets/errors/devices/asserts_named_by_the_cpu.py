import torch
from torch import nn
from torch.nn import functional as F

scores = torch.zeros(2, 3)  # (batch, classes)
causes = {
    "label too large": lambda: F.cross_entropy(scores, torch.tensor([1, 3])),
    "label below 0": lambda: F.cross_entropy(scores, torch.tensor([-1, 0])),
    "token": lambda: nn.Embedding(10, 2)(torch.tensor([10])),
    "index": lambda: scores[torch.tensor([2])],
    "gather": lambda: scores.gather(1, torch.tensor([[3]])),
    "probability": lambda: F.binary_cross_entropy(scores - 1, scores),
    "nan": lambda: torch.multinomial(torch.tensor([torch.nan]), 1),
}
for name, step in causes.items():
    try:
        step()
    except (IndexError, RuntimeError) as error:
        print(f"{name:16}", str(error).split("\n")[0])
