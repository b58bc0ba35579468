# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

a, b = torch.linspace(-1, 1, 5), torch.tensor([-0.7, 0.7])
x = torch.cartesian_prod(a, b)  # (10, 2)
y = x.prod(dim=1, keepdim=True)  # (10, 1)

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

history = model.fit(
    x,
    y,
    batch_size=4,
    epochs=5,
    shuffle=False,
    verbose=0,
)
for epoch, mean in enumerate(history.history["loss"], 1):
    print(f"epoch {epoch}: loss {mean:.4f}")
