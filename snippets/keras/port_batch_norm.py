# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import torch
from keras import layers
from torch import nn

NAMES = "weight", "bias", "running_mean", "running_var"


def norm_to_keras(norm):  # gamma, beta, moving mean, moving variance
    state = norm.state_dict()
    return [state[name] for name in NAMES]


def norm_to_torch(norm):
    return dict(
        zip(NAMES, map(torch.from_numpy, norm.get_weights()), strict=True)
    )


torch.manual_seed(0)
x = torch.rand(4, 3)
ours, again = nn.BatchNorm1d(3), nn.BatchNorm1d(3)
theirs = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
theirs.build((None, 3))
ours(x)  # moves the running mean and variance
theirs.set_weights(norm_to_keras(ours))
again.load_state_dict(norm_to_torch(theirs))

ours.eval()
again.eval()
print("< 1e-6:", (theirs(x) - ours(x)).abs().max().item() < 1e-6)
print("back:  ", torch.equal(again(x), ours(x)))
