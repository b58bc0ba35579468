# needs: keras
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
from keras import ops


class SignSGD(keras.optimizers.Optimizer):
    def update_step(self, grad, variable, learning_rate):
        self.assign_sub(variable, learning_rate * ops.sign(grad))


w = keras.Variable(1.0)
optimizer = SignSGD(learning_rate=0.5)
for _ in range(5):
    loss = (2 * w - 6) ** 2
    loss.backward()
    grad = w.value.grad
    optimizer.apply([grad], [w])
    print(w.numpy(), grad.item())
    w.value.grad = None
