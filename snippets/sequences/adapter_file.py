import io

import torch
from torch import nn


class LoRA(nn.Module):
    def __init__(self, base, rank=4, alpha=8):
        super().__init__()
        self.base, self.scale = base.requires_grad_(False), alpha / rank
        self.A = nn.Parameter(torch.randn(rank, base.in_features) / 10)
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x):
        return self.base(x) + self.scale * (x @ self.A.T @ self.B.T)


torch.manual_seed(0)
base, x = nn.Linear(64, 64), torch.randn(5, 64)
tuned = LoRA(base)
nn.init.normal_(tuned.B, std=0.1)  # in place of training
state = tuned.state_dict()
adapter = {k: v for k, v in state.items() if k.split(".")[-1] in ("A", "B")}
torch.save(adapter, file := io.BytesIO())
for alpha in (8, 16):
    loaded = LoRA(base, alpha=alpha)
    file.seek(0)
    report = loaded.load_state_dict(torch.load(file), strict=False)
    gap = (loaded(x) - tuned(x)).abs().max()
    print(
        f"alpha {alpha}: gap {gap:.3f}, not in the file: {report.missing_keys}"
    )
