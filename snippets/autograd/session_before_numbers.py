# needs: tensorflow
import os

# TensorFlow's notes about the machine would hide the output.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import tensorflow as tf

tf.get_logger().setLevel("ERROR")
tf1 = tf.compat.v1
tf1.disable_v2_behavior()

x = tf1.placeholder(tf.float32, shape=())
w = tf1.Variable(1.0)
loss = (w * x - 6) ** 2
optimizer = tf1.train.GradientDescentOptimizer(0.0625)
step = optimizer.minimize(loss)
print(loss)

with tf1.Session() as session:
    session.run(tf1.global_variables_initializer())
    for _ in range(20):
        session.run(step, {x: 2.0})
    print(session.run(w))
