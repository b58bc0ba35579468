# needs: tensorflow
# takes: 60 s
import os

# TensorFlow's notes about the machine would hide the output.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import tensorflow as tf

w = tf.Variable(1.0)
with tf.GradientTape() as tape:
    double = 2 * w
    loss = (double - 6) ** 2

of_w, of_double = tape.gradient(loss, [w, double])
print("a list:    ", float(of_w), float(of_double))

with tf.GradientTape(persistent=True) as tape:
    double = 2 * w
    loss = (double - 6) ** 2

of_w, of_double = tape.gradient(loss, w), tape.gradient(loss, double)
print("persistent:", float(of_w), float(of_double))
