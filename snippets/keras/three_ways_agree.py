# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch import nn

a, b = torch.linspace(-1, 1, 5), torch.tensor([-0.7, 0.7])
x = torch.cartesian_prod(a, b)  # (10, 2)
y = x.prod(dim=1, keepdim=True)  # (10, 1)
batches = list(zip(x.split(4), y.split(4), strict=True))
loop = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
torch.manual_seed(0)
for weight in loop.parameters():
    nn.init.normal_(weight)
optimizer = torch.optim.SGD(loop.parameters(), lr=0.05)


def loop_weights():  # as Keras keeps them: (inputs, outputs)
    return [w.detach().numpy().T.copy() for w in loop.parameters()]


def keras_model():
    dense, tanh = keras.layers.Dense, keras.layers.Activation("tanh")
    model = keras.Sequential([dense(8), tanh, dense(1)])
    model.build((None, 2))
    model.set_weights(loop_weights())
    model.compile(keras.optimizers.SGD(0.05), "mse")
    return model


def difference(these, those):
    pairs = zip(these, those, strict=True)
    return max(abs(a - b).max() for a, b in pairs)


fit, on_batch = keras_model(), keras_model()
fit.fit(x, y, batch_size=4, epochs=20, shuffle=False, verbose=0)
for xb, yb in batches * 20:
    on_batch.train_on_batch(xb, yb)
for xb, yb in batches * 20:
    optimizer.zero_grad()
    nn.functional.mse_loss(loop(xb), yb).backward()
    optimizer.step()

one, two, three = fit.get_weights(), on_batch.get_weights(), loop_weights()
print("weights after 60 steps, max difference")
print("fit and train_on_batch:", difference(one, two))
print("fit and loop < 1e-6:", difference(one, three) < 1e-6)
