# needs: keras
# raises: ImportError
import os
import tempfile

os.environ["KERAS_BACKEND"] = "torch"

import keras

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
with tempfile.TemporaryDirectory() as folder:
    model.export(os.path.join(folder, "model.tflite"), format="litert")
