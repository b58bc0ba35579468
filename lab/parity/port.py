"""The weights of a PyTorch module, set in a Keras layer: each in the layer's order."""

import keras
import numpy as np
from keras import layers
from torch import nn

from lab.parity import own


def port(module: nn.Module, layer: keras.layers.Layer, swap: bool = True) -> None:
    """Set the weights of a layer that is built. `swap` changes the places of gates."""
    if isinstance(module, nn.Sequential):
        module = module[-1]
    if isinstance(module, own.Crop):
        module = module.module
    w = {name: one.numpy() for name, one in module.state_dict().items()}
    layer.set_weights(_in_order(module, layer, w, swap))


def _in_order(module, layer, w, swap) -> list[np.ndarray]:
    match layer:
        case layers.Dense():
            return [w["weight"].T, w["bias"]]
        case layers.DepthwiseConv2D():
            out, _, *kernel = w["weight"].shape
            split = w["weight"].reshape(module.groups, out // module.groups, *kernel)
            return [split.transpose(2, 3, 0, 1), w["bias"]]
        case layers.Conv2D() | layers.Conv2DTranspose():
            # (out, in, h, w) of a convolution, (in, out, h, w) of a transposed one
            return [w["weight"].transpose(2, 3, 1, 0), w["bias"]]
        case layers.BatchNormalization():
            names = ("weight", "bias", "running_mean", "running_var")
            return [w[name] for name in names]
        case layers.LSTM():
            bias = w["bias_ih_l0"] + w["bias_hh_l0"]
            return [w["weight_ih_l0"].T, w["weight_hh_l0"].T, bias]
        case layers.GRU():
            return [_gates(w[f"weight_{one}_l0"], swap).T for one in ("ih", "hh")] + [
                np.stack([_gates(w[f"bias_{one}_l0"], swap) for one in ("ih", "hh")])
            ]
        case layers.MultiHeadAttention():
            width, heads = module.embed_dim, module.num_heads
            found = []
            for kernel, bias in zip(
                np.split(w["in_proj_weight"], 3),
                np.split(w["in_proj_bias"], 3),
                strict=True,
            ):
                found += [kernel.T.reshape(width, heads, -1), bias.reshape(heads, -1)]
            out = w["out_proj.weight"].T.reshape(heads, -1, width)
            return [*found, out, w["out_proj.bias"]]
    raise TypeError(f"no way to port {layer}")


def _gates(rows: np.ndarray, swap: bool) -> np.ndarray:
    """Reset, update, new becomes update, reset, new."""
    reset, update, new = np.split(rows, 3)
    return np.concatenate([update, reset, new] if swap else [reset, update, new])
