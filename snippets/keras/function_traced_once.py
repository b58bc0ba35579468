# needs: tensorflow
# takes: 60 s
import os

# TensorFlow's notes about the machine would hide the output.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import tensorflow as tf

w = tf.Variable(1.0)
notes = []


@tf.function
def step():
    print("Python is here")
    notes.append("step")
    with tf.GradientTape() as tape:
        loss = (2 * w - 6) ** 2
    w.assign_sub(0.0625 * tape.gradient(loss, w))
    return loss


for _ in range(4):
    print("loss", float(step()))
print(notes)
