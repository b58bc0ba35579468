# needs: transformers
from collections import OrderedDict

import torch
from torch import nn
from transformers import GPT2Config, GPT2Model

torch.manual_seed(0)
config = GPT2Config(n_layer=1, n_embd=8, n_head=2)
theirs = GPT2Model(config).eval()  # random weights

act = nn.GELU(approximate="tanh")
parts = {"up": nn.Linear(8, 32), "act": act, "down": nn.Linear(32, 8)}
own = nn.Sequential(OrderedDict(parts))
names = {"h.0.mlp.c_fc": "up", "h.0.mlp.c_proj": "down"}
weights = {}
for name, value in theirs.state_dict().items():
    layer, _, kind = name.rpartition(".")
    if layer in names:
        turned = value.T if kind == "weight" else value
        weights[f"{names[layer]}.{kind}"] = turned
print(own.load_state_dict(weights))
x = torch.randn(3, 8)
print(f"gap {(own(x) - theirs.h[0].mlp(x)).abs().max():.6f}")
