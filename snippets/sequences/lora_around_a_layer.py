import torch
from torch import nn


class LoRA(nn.Module):
    def __init__(self, base, rank=4, alpha=8):
        super().__init__()
        self.base = base.requires_grad_(False)  # W stays as it is
        self.scale = alpha / rank
        start = torch.randn(rank, base.in_features) / base.in_features**0.5
        self.A = nn.Parameter(start)
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x):
        return self.base(x) + self.scale * (x @ self.A.T @ self.B.T)


torch.manual_seed(0)
layer = nn.Linear(768, 768)
tuned = LoRA(layer)
x = torch.randn(2, 768)
print("output unchanged:", torch.equal(tuned(x), layer(x)))
for name, weight in tuned.named_parameters():
    print(f"{name:12}{weight.numel():7,} trains: {weight.requires_grad}")
