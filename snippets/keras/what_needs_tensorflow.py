# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
from keras import layers, utils

parts = {
    "layers.TextVectorization": layers.TextVectorization,
    "layers.StringLookup": layers.StringLookup,
    "layers.IntegerLookup": layers.IntegerLookup,
    "layers.Hashing": lambda: layers.Hashing(num_bins=3),
    "layers.Normalization": layers.Normalization,
    "layers.RandomFlip": layers.RandomFlip,
    "utils.timeseries_dataset_from_array": lambda: (
        utils.timeseries_dataset_from_array([1, 2, 3], None, 2)
    ),
    "utils.pad_sequences": lambda: utils.pad_sequences([[1], [2, 3]]),
}
for name, make in parts.items():
    try:
        make()
        print(f"{name:36}works")
    except ImportError as error:
        print(f"{name:36}ImportError")
        last = error
print(f"The last of them: {last}")
print("Keras runs on", keras.config.backend())
