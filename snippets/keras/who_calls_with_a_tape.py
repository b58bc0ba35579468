# needs: tensorflow
# takes: 60 s
import os
import sys

# TensorFlow's notes about the machine would hide the output.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import tensorflow as tf

data = tf.data.Dataset.from_tensors((tf.ones((4, 1)), tf.ones((4, 1))))
w = tf.Variable([[1.0]])


def tape_loop():
    for xb, yb in data:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((tf.matmul(xb, w) - yb) ** 2)
        w.assign_sub(0.01 * tape.gradient(loss, w))


def note(frame, event, _):
    name, whose = frame.f_code.co_name, frame.f_back
    if event == "call" and name in calls:
        while whose.f_globals["__name__"].startswith("tensorflow."):
            whose = whose.f_back
        calls[name] = whose.f_globals["__name__"].replace("__main__", "you")


names = "__iter__ zero_grad __enter__ matmul gradient assign_sub"
calls = dict.fromkeys(names.split(), "nobody")
sys.setprofile(note)
tape_loop()
sys.setprofile(None)
for name, who in calls.items():
    print(f"{name:11}{who}")
