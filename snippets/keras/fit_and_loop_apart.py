# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch import nn

torch.manual_seed(0)
y = torch.randint(3, (50,))
x = torch.randn(50, 2) + torch.tensor([[2, 0], [0, 2], [-2, 0]])[y]

theirs = keras.Sequential([keras.layers.Dense(3, kernel_initializer="zeros")])
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
theirs.compile(keras.optimizers.SGD(0.1), loss_fn)
how = {"validation_split": 0.2, "shuffle": False, "verbose": 0}
theirs.fit(x, y, batch_size=16, epochs=10, **how)

model = nn.Linear(2, 3)
for w in model.parameters():
    nn.init.zeros_(w)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(10):
    for xb, yb in zip(x[:40].split(16), y[:40].split(16), strict=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(xb), yb).backward()
        optimizer.step()

kernel, bias = (torch.as_tensor(w) for w in theirs.get_weights())
gap = max(
    (model.weight.T - kernel).abs().max(), (model.bias - bias).abs().max()
)
print("largest weight:", round(kernel.abs().max().item(), 1))
print("gap after 30 steps < 1e-6:", gap.item() < 1e-6)
