# needs: peft
import copy

import torch
from peft import LoraConfig, get_peft_model
from torch import nn


class LoRA(nn.Module):
    def __init__(self, base, rank=4, alpha=8):
        super().__init__()
        self.base, self.scale = base.requires_grad_(False), alpha / rank
        self.A = nn.Parameter(torch.randn(rank, base.in_features) / 10)
        self.B = nn.Parameter(torch.randn(base.out_features, rank) / 10)

    def forward(self, x):
        return self.base(x) + self.scale * (x @ self.A.T @ self.B.T)


torch.manual_seed(0)
model = nn.Sequential(nn.Linear(48, 128), nn.ReLU(), nn.Linear(128, 10))
own, x = copy.deepcopy(model), torch.randn(5, 48)
own[0], own[2] = LoRA(own[0]), LoRA(own[2])
config = LoraConfig(r=4, lora_alpha=8, target_modules=["0", "2"])
theirs = get_peft_model(model, config)
for n in (0, 2):
    layer = theirs.base_model.model[n]
    layer.lora_A["default"].weight.data.copy_(own[n].A)
    layer.lora_B["default"].weight.data.copy_(own[n].B)
print(f"gap {(own(x) - theirs(x)).abs().max():.6f}")
theirs.print_trainable_parameters()
