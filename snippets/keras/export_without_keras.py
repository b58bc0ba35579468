# needs: keras
# takes: 15 s
import os
import subprocess
import sys
import tempfile

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
shape = keras.InputSpec(shape=(4, 3))  # (batch, inputs)
options = {"format": "torch", "verbose": False}

reader = """
import sys, torch
program = torch.export.load(sys.argv[1]).module()
print(program(torch.ones(4, 3)).tolist())
print("keras loaded:", "keras" in sys.modules)
"""
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.pt2")
    model.export(path, input_signature=[shape], **options)
    command = [sys.executable, "-c", reader, path]
    answer, loaded = subprocess.check_output(command, text=True).splitlines()
print("same answer: ", answer == str(model(torch.ones(4, 3)).tolist()))
print(loaded)
