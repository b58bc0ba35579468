# needs: keras
# takes: 20 s
# figure: Two flat histograms. The starting weights of nn.Linear lie evenly
#   between -0.058 and 0.058, those of Dense, half as high, within twice that.
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import matplotlib.pyplot as plt
from keras import layers
from torch import nn

keras.utils.set_random_seed(0)  # torch, too
linear, dense = nn.Linear(300, 200), layers.Dense(200)
dense.build((None, 300))

plt.figure(figsize=(5.4, 3))
bins = [n / 100 for n in range(-12, 13)]
both = {"nn.Linear": linear.weight, "Dense": dense.kernel.value}
for name, weight in both.items():
    numbers = weight.detach().flatten().numpy()
    plt.hist(numbers, bins=bins, histtype="step", linewidth=2, label=name)
plt.ylim(0, 7500)
plt.xlabel("starting weight, 300 inputs to 200 outputs")
plt.ylabel("how many of 60000")
plt.legend(loc="upper right")
plt.savefig("starting_weights_drawn.svg")
