# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

torch.manual_seed(0)
y = torch.randint(3, (50,))
x = torch.randn(50, 2) + torch.tensor([[2, 0], [0, 2], [-2, 0]])[y]

layer = keras.layers.Dense(3, kernel_initializer="zeros")
model = keras.Sequential([layer])
model.compile(
    keras.optimizers.SGD(0.1),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
run = model.fit(
    x,
    y,
    batch_size=16,
    epochs=3,
    validation_split=0.2,
    shuffle=False,
    verbose=0,
).history

for epoch in range(3):
    print(*(f"{name} {run[name][epoch]:.4f}" for name in sorted(run)))
loss, accuracy = model.evaluate(x[40:], y[40:], verbose=0)
print(f"evaluate: loss {loss:.4f} accuracy {accuracy:.4f}")
print("predict:", model.predict(x[40:], verbose=0).argmax(1))
