# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

x, y = torch.tensor([[2.0]]), torch.tensor([[6.0]])


class Forgetful(keras.Sequential):
    def train_step(self, data):
        xb, yb = data
        loss = self.compute_loss(y=yb, y_pred=self(xb, training=True))
        loss.backward()
        weights = self.trainable_weights
        with torch.no_grad():
            self.optimizer.apply([w.value.grad for w in weights], weights)
        return {"loss": loss}


class Careful(Forgetful):
    def train_step(self, data):
        self.zero_grad()
        return super().train_step(data)


print("w after epoch  1    2    3    4    5")
for kind in Forgetful, Careful:
    w = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = kind([w])
    model.compile(keras.optimizers.SGD(0.0625), "mse")
    path = []
    for _ in range(5):
        model.fit(x, y, verbose=0)
        path.append(w.kernel.value.item())
    print(f"{kind.__name__:13}", *[f"{v:.2f}" for v in path])
