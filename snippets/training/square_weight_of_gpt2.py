# needs: transformers
import torch
from torch import nn
from transformers import GPT2Config, GPT2Model

torch.manual_seed(0)
theirs = GPT2Model(GPT2Config(n_layer=1, n_embd=8, n_head=2))
layer, x = theirs.h[0].attn.c_proj, torch.randn(3, 8)
print(type(layer).__name__, tuple(layer.weight.shape))
own = nn.Linear(8, 8)
for way, weight in (("turned", layer.weight.T), ("as it is", layer.weight)):
    own.load_state_dict({"weight": weight, "bias": layer.bias})
    print(f"{way:9} gap {(own(x) - layer(x)).abs().max():.4f}")
