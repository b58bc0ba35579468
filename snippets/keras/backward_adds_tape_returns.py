# needs: tensorflow
# takes: 60 s
import os

# TensorFlow's notes about the machine would hide the output.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import tensorflow as tf
import torch

w = torch.tensor(1.0, requires_grad=True)
v = tf.Variable(1.0)

for step in range(1, 4):
    loss = (2 * w - 6) ** 2
    loss.backward()

    with tf.GradientTape() as tape:
        loss = (2 * v - 6) ** 2
    gradient = tape.gradient(loss, v)

    print(f"{step}: w.grad {w.grad}, gradient of v {float(gradient)}")
