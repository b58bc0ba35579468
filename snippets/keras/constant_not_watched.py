# needs: tensorflow
# takes: 60 s
import os

# TensorFlow's notes about the machine would hide the output.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import tensorflow as tf

x = tf.constant(3.0)
with tf.GradientTape() as tape:
    y = x**2
print("not watched:", tape.gradient(y, x))

with tf.GradientTape() as tape:
    tape.watch(x)
    y = x**2
print("watched:", float(tape.gradient(y, x)))
