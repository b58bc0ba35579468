# needs: keras
# takes: 20 s
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
from keras import layers
from torch import nn

keras.utils.set_random_seed(0)  # torch, too
linear, dense = nn.Linear(300, 200), layers.Dense(200)
words, its_words = nn.Embedding(1000, 64), layers.Embedding(1000, 64)
dense.build((None, 300))
its_words.build((None,))


def std(weight):
    return f"{weight.std().item():.2f}"


print("standard deviation  PyTorch  Keras")
its = dense.kernel.value
print("matrix 300 to 200  ", std(linear.weight), "   ", std(its))
its = dense.bias.value
print("its bias           ", std(linear.bias), "   ", std(its))
its = its_words.embeddings.value
print("embedding          ", std(words.weight), "   ", std(its))
