# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(64, 2) + 5
y = x.sum(dim=1, keepdim=True)
net = nn.Sequential(nn.BatchNorm1d(2), nn.Dropout(0.5), nn.Linear(2, 1))
wrapped = keras.layers.TorchModuleWrapper(net)
model = keras.Sequential([keras.Input((2,)), wrapped])
model.compile(keras.optimizers.SGD(0.1), "mse")
before = net[2].weight.detach().clone()


def say(when):
    moved = not torch.equal(before, net[2].weight)
    mean = net[0].running_mean.mean()
    print(f"{when:14} weights moved: {moved!s:6} running mean {mean:.1f}")


say("made")
once, twice = (model.predict(x, verbose=0) for _ in range(2))
say("after predict")
model.fit(x, y, epochs=20, verbose=0)
say("after fit")
print("two predictions equal:", (once == twice).all())
