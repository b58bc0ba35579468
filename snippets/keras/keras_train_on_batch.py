# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch.utils.data import DataLoader, TensorDataset

a, b = torch.linspace(-1, 1, 5), torch.tensor([-0.7, 0.7])
x = torch.cartesian_prod(a, b)  # (10, 2)
y = x.prod(dim=1, keepdim=True)  # (10, 1)
data = TensorDataset(x, y)
batches = DataLoader(data, batch_size=4)  # 4, 4, 2

torch.manual_seed(0)
shapes = [(8, 2), (8,), (1, 8), (1,)]  # (outputs, inputs)
start = [torch.randn(shape) for shape in shapes]

layers = [
    keras.layers.Dense(8),
    keras.layers.Activation("tanh"),
    keras.layers.Dense(1),
]
model = keras.Sequential(layers)
model.build((None, 2))  # (batch, inputs)
for w, s in zip(model.weights, start, strict=True):
    w.assign(s.t())  # Keras: (inputs, outputs)

loss_fn = keras.losses.MeanSquaredError()
optimizer = keras.optimizers.SGD(learning_rate=0.05)
model.compile(optimizer, loss_fn)

for epoch in range(1, 6):
    mean = 0.0
    for xb, yb in batches:
        loss = model.train_on_batch(xb, yb)
        mean += loss * len(xb) / len(x)
    print(f"epoch {epoch}: loss {mean:.4f}")
