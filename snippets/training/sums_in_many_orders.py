# figure: A histogram with one bar for each result of adding the same thousand
#   numbers in 500 orders. About twenty results occur. None lies on the dashed
#   line, the exact sum, and most lie above it.
import math

import matplotlib.pyplot as plt
import numpy as np

rng = np.random.default_rng(0)
numbers = rng.random(1000, dtype=np.float32)
exact = math.fsum(numbers.tolist())

results = []
for _ in range(500):
    one_by_one = np.add.accumulate(rng.permutation(numbers))
    results.append(float(one_by_one[-1]))
values, counts = np.unique(results, return_counts=True)

fig, ax = plt.subplots(figsize=(5.4, 3.5))
ax.bar((values - exact) * 1e6, counts, width=40)
ax.axvline(0, color="C1", ls="--", label="exact sum")
ax.set(xlabel="sum in this order minus exact sum, in millionths")
ax.set(ylabel="orders")
ax.legend()
fig.savefig("sums_in_many_orders.svg")
