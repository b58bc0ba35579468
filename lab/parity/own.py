"""Modules and layers that rows name, where a library has none for the purpose."""

from collections.abc import Callable

import torch
from keras import layers
from torch import nn


class Scale(nn.Module):
    """Times one number that can be learned."""

    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(3.0))

    def forward(self, x):
        return x * self.factor


class KerasScale(layers.Layer):
    """The same as a Keras layer."""

    def build(self, input_shape):
        self.factor = self.add_weight(shape=(), initializer=lambda *_, **__: 3.0)

    def call(self, x):
        return x * self.factor


class Crop(nn.Module):
    """What a module gives for an image, with some rows and columns of it kept."""

    def __init__(self, module: nn.Module, kept: slice):
        super().__init__()
        self.module, self.kept = module, kept

    def forward(self, image):
        return self.module(image)[..., self.kept, self.kept]


def autocast(module: nn.Module) -> Callable[[torch.Tensor], torch.Tensor]:
    """A module that computes in bfloat16."""

    def call(x: torch.Tensor) -> torch.Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            return module(x)

    call.module = module
    return call
