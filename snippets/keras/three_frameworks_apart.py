# needs: tensorflow, keras
# takes: 60 s
import os

os.environ["KERAS_BACKEND"] = "torch"
# TensorFlow's notes about the machine would hide the output.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import tensorflow as tf
import torch
from torch import nn

a, b = torch.linspace(-1, 1, 5), torch.tensor([-0.7, 0.7])
x = torch.cartesian_prod(a, b)  # (10, 2)
y = x.prod(dim=1, keepdim=True)  # (10, 1)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
torch.manual_seed(0)
start = [nn.init.normal_(w).numpy(force=True).T for w in net.parameters()]
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
dense, tanh = keras.layers.Dense, keras.layers.Activation("tanh")
model = keras.Sequential([dense(8), tanh, dense(1)])
model.build((None, 2))
model.set_weights(start)
model.compile(keras.optimizers.SGD(0.05), "mse")
variables = [tf.Variable(s) for s in start]


def loop_step(xb, yb):
    optimizer.zero_grad()
    nn.functional.mse_loss(net(xb), yb).backward()
    optimizer.step()


def tape_step(xb, yb):
    kernel, bias, second, last = variables
    with tf.GradientTape() as tape:
        answer = tf.tanh(xb.numpy() @ kernel + bias) @ second + last
        loss = tf.reduce_mean((answer - yb.numpy()) ** 2)
    for w, g in zip(variables, tape.gradient(loss, variables), strict=True):
        w.assign_sub(0.05 * g)


def apart(these):
    loop = [w.numpy(force=True).T for w in net.parameters()]
    return max(abs(a - b).max() for a, b in zip(these, loop, strict=True))


steps = list(zip(x.split(4), y.split(4), strict=True)) * 20
tape, of_keras = [], []
for batch in steps:
    loop_step(*batch), tape_step(*batch), model.train_on_batch(*batch)
    tape.append(apart([w.numpy() for w in variables]))
    of_keras.append(apart(model.get_weights()))
print("up to step  tape < 1e-6  Keras < 1e-6")
for step in (1, 3, 10, 30, 60):
    worst = max(tape[:step]), max(of_keras[:step])
    print(f"{step:10}  {worst[0] < 1e-6!s:11}  {worst[1] < 1e-6}")
