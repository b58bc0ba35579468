# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn


def attention_to_keras(attention):
    width, heads = attention.embed_dim, attention.num_heads
    w = attention.state_dict()
    found = []
    parts = w["in_proj_weight"].chunk(3), w["in_proj_bias"].chunk(3)
    for kernel, bias in zip(*parts, strict=True):  # query, key, value
        found += [kernel.T.reshape(width, heads, -1), bias.reshape(heads, -1)]
    out = w["out_proj.weight"].T.reshape(heads, -1, width)
    return [*found, out, w["out_proj.bias"]]


def attention_to_torch(attention):
    w = [torch.from_numpy(one) for one in attention.get_weights()]
    width = w[7].shape[0]
    return {
        "in_proj_weight": torch.cat(
            [k.reshape(width, -1).T for k in w[0:6:2]]
        ),
        "in_proj_bias": torch.cat([bias.flatten() for bias in w[1:6:2]]),
        "out_proj.weight": w[6].reshape(-1, width).T,
        "out_proj.bias": w[7],
    }


torch.manual_seed(0)
x = torch.rand(2, 5, 8)  # (batch, tokens, width)
ours, again = (nn.MultiheadAttention(8, 2, batch_first=True) for _ in range(2))
theirs = layers.MultiHeadAttention(num_heads=2, key_dim=4)
theirs.build(x.shape, x.shape)
theirs.set_weights(attention_to_keras(ours))
again.load_state_dict(attention_to_torch(theirs))

y, _ = ours(x, x, x)
print("< 1e-6:", (theirs(x, x) - y).abs().max().item() < 1e-6)
print("back:  ", torch.equal(again(x, x, x)[0], y))
