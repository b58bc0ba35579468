# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from torch import nn


class Model(keras.Sequential):
    def train_step(self, data):
        xb, yb = data
        self.zero_grad()
        loss = self.compute_loss(y=yb, y_pred=self(xb, training=True))
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters(), 1.0)
        weights = self.trainable_weights
        with torch.no_grad():
            self.optimizer.apply([w.value.grad for w in weights], weights)
        for metric in self.metrics:  # here, the loss is the only one
            metric.update_state(loss)
        return {m.name: m.result() for m in self.metrics}


keras.utils.set_random_seed(0)  # of PyTorch, too
x, y = torch.randn(12, 2), torch.randn(12, 1)
model = Model([keras.layers.Dense(8, "tanh"), keras.layers.Dense(1)])
model.build((None, 2))
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
for w, s in zip(net.parameters(), model.get_weights(), strict=True):
    w.data = torch.from_numpy(s.T.copy())

model.compile(keras.optimizers.SGD(0.1), "mse")
run = model.fit(x, y, batch_size=12, epochs=20, verbose=0)

optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(20):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    if epoch in (0, 9, 19):
        print(f"epoch {epoch + 1:2}:", end=" ")
        print(f"fit {run.history['loss'][epoch]:.4f}, loop {loss:.4f}")
