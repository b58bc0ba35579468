# needs: tensorflow
# takes: 30 s
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
# TensorFlow's notes about the machine would hide the output.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import tensorflow as tf
import torch

a, b = torch.linspace(-1, 1, 5), torch.tensor([-0.7, 0.7])
x = torch.cartesian_prod(a, b)  # (10, 2)
y = x.prod(dim=1, keepdim=True)  # (10, 1)
data = tf.data.Dataset.from_tensor_slices((x.numpy(), y.numpy()))
batches = data.batch(4)  # 4, 4, 2

torch.manual_seed(0)
shapes = [(8, 2), (8,), (1, 8), (1,)]  # (outputs, inputs)
start = [torch.randn(shape) for shape in shapes]

layers = [
    tf.keras.layers.Dense(8),
    tf.keras.layers.Activation("tanh"),
    tf.keras.layers.Dense(1),
]
model = tf.keras.Sequential(layers)
model.build((None, 2))  # (batch, inputs)
for w, s in zip(model.weights, start, strict=True):
    w.assign(s.numpy().T)  # TensorFlow: (inputs, outputs)

loss_fn = tf.keras.losses.MeanSquaredError()
optimizer = tf.keras.optimizers.SGD(learning_rate=0.05)

for epoch in range(1, 6):
    mean = 0.0
    for xb, yb in batches:
        with tf.GradientTape() as tape:
            loss = loss_fn(yb, model(xb, training=True))
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply(gradients, model.trainable_weights)
        mean += float(loss) * len(xb) / len(x)
    print(f"epoch {epoch}: loss {mean:.4f}")
