# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

x, y = torch.tensor([[2.0]]), torch.tensor([[6.0]])


class Silent(keras.Sequential):
    def train_step(self, data):
        xb, yb = data
        self.zero_grad()
        loss = self.compute_loss(y=yb, y_pred=self(xb, training=True))
        loss.backward()
        weights = self.trainable_weights
        with torch.no_grad():
            self.optimizer.apply([w.value.grad for w in weights], weights)
        self.note(loss)
        return {"loss": loss}

    def note(self, loss):
        pass


class Noted(Silent):
    def note(self, loss):
        for metric in self.metrics:  # here, the loss is the only one
            metric.update_state(loss)


for kind in Silent, Noted:
    w = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = kind([w])
    model.compile(keras.optimizers.SGD(0.0625), "mse")
    run = model.fit(x, y, epochs=4, verbose=0)
    print(f"{kind.__name__}: w {w.kernel.value.item()}, {run.history['loss']}")
