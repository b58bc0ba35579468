# ---
# description: "Train a first network on handwritten digits: a loop by hand."
# ---

# %% [markdown]
# # How do I train my first network?
#
# You read a digit from 64 numbers.

# %%
import matplotlib.pyplot as plt
import torch

x = torch.arange(4.0)
print(x)
x.sum()

# %% [markdown]
# ## Look
#
# See [tensors](../tensors/index.md).

# %%
# figure: A straight line that goes up from zero to three, with four dots
#   on it.
plt.plot(x, x, "o-")
plt.show()
