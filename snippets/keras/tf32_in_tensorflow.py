# needs: tensorflow
# takes: 60 s
import os

# TensorFlow's notes about the machine would hide the output.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import tensorflow as tf

tf32 = tf.config.experimental
print("allowed at first:", tf32.tensor_float_32_execution_enabled())

tf32.enable_tensor_float_32_execution(False)
print("now:             ", tf32.tensor_float_32_execution_enabled())
