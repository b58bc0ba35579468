# needs: tensorflow
# takes: 60 s
# raises: RuntimeError
import os

# TensorFlow's notes about the machine would hide the output.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import tensorflow as tf

w = tf.Variable(1.0)
with tf.GradientTape() as tape:
    double = 2 * w
    loss = (double - 6) ** 2

print("of w:", float(tape.gradient(loss, w)))
print("of double:", float(tape.gradient(loss, double)))
