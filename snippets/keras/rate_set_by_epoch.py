# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch


def schedule(epoch, rate):
    return rate if epoch < 2 else rate * 0.5


x = torch.ones(1, 1)
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(1.0), "mse")
watch = [keras.callbacks.LearningRateScheduler(schedule)]
run = model.fit(x, x, epochs=5, callbacks=watch, verbose=0)
print("Keras:  ", run.history["learning_rate"])

optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
rates = []
for epoch in range(5):
    for group in optimizer.param_groups:
        group["lr"] = schedule(epoch, group["lr"])
    rates.append(optimizer.param_groups[0]["lr"])
    # here the batches of this epoch
print("PyTorch:", rates)
