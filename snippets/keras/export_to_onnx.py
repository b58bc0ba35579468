# needs: keras, onnxruntime
# takes: 30 s
import os
import tempfile
import warnings

os.environ["KERAS_BACKEND"] = "torch"

import keras
import onnxruntime
import torch

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
any_batch = keras.InputSpec(shape=(None, 3))
options = {"input_signature": [any_batch], "verbose": False}

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.onnx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch traces, and warns of it
        model.export(path, format="onnx", **options)
    session = onnxruntime.InferenceSession(path)

name = session.get_inputs()[0].name
for rows in (1, 4, 100):
    x = torch.randn(rows, 3)
    (y,) = session.run(None, {name: x.numpy()})
    gap = (torch.from_numpy(y) - model(x)).abs().max().item()
    print(f"{rows} rows, within 1e-6: {gap < 1e-6}")
