# ---
# description: "Start from trained weights: scratch, frozen and fine-tuned, with error bars."
# ---

# %% [markdown]
# # What does a pretrained network save you?
#
# At the end you teach a network four new classes with a few labels each, because it
# starts from weights that someone trained before.
# You need [a first CNN](first-cnn.ipynb) and [state
# dicts](../training/save-and-load.md).

# %%
import hashlib
import io
import urllib.request
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F

device = torch.accelerator.current_accelerator(check_available=True)
device = device or torch.device("cpu")

# --8<-- "harness/train/digits.py:digits"


# --8<-- "harness/train/backbone.py:pictures"

x_train, y_train, x_test, y_test = digit_sets()
random = torch.Generator().manual_seed(0)
some = torch.cat([x_train[y_train == digit][:2] for digit in range(10)])
pictures = cluttered(some, random)
print(list(pictures.shape))

# %% tags=["fold"]
# figure: Twenty small colour pictures, two of each digit from 0 to 9. Each digit has
#   its own colour, size and place on a ground of soft colours and small boxes.
figure, axes = plt.subplots(2, 10, figsize=(6, 1.6))
for ax, picture in zip(axes.T.flat, pictures, strict=True):
    ax.imshow(picture.permute(1, 2, 0))
    ax.axis("off")
for digit, ax in enumerate(axes[0]):
    ax.set_title(str(digit), size=10, weight="normal", loc="center")
plt.show()

# %% [markdown]
# These are scikit-learn's digits in clutter, made by the function above.
# The project behind this site trained a network on the digits 0 to 5, and never showed
# it a 6, 7, 8 or 9: those are your new classes.
#
# ## Load the weights
#
# This is the network, and the file with its weights that the site publishes:

# %%


# --8<-- "harness/train/backbone.py:model"
# --8<-- "harness/train/weights.py:load"

# --8<-- "harness/train/weights.py:backbone"

state = load_weights("backbone", BACKBONE)
backbone = Backbone(classes=6)
print(backbone.load_state_dict(state))
print(sum(p.numel() for p in backbone.parameters()), "parameters")
print({tensor.dtype for tensor in state.values()})

# %% [markdown]
# `weights_only=True` refuses a file that would run code, and the SHA-256 tells you that
# it is the very file that this page was made with.
# The file holds numbers of 16 bits, and `load_state_dict` widens them.
#
# ## Feed it what it was trained on
#
# Trained weights expect numbers like those in training, so the same normalisation comes
# with them.
# Here are held-out digits 0 to 5, right and wrong:

# %%
# --8<-- "harness/train/backbone.py:normalise"


def accuracy(model, x, y):
    """The share of right answers, as a number from 0 to 1."""
    model.eval()
    with torch.no_grad():
        answers = model(x.to(device)).argmax(dim=1).cpu()
    return (answers == y).float().mean().item()


known = y_test < 6
digits, labels = x_test[known].repeat(2, 1, 1, 1), y_test[known].repeat(2)
pictures = cluttered(digits, torch.Generator().manual_seed(1))
backbone.to(device)
ways = {
    "normalised": normalised(pictures),
    "as it is, 0 to 1": pictures,
    "bytes, 0 to 255": (pictures * 255).round(),
    "blue, green, red": normalised(pictures.flip(1)),
    "upside down": normalised(pictures.flip(2)),
}
rates = {name: accuracy(backbone, x, labels) for name, x in ways.items()}
for name, rate in rates.items():
    print(f"{name:17} {rate:.2f}")
assert rates["normalised"] > 0.95

# %% [markdown]
# A wrong input raises no error, it costs accuracy.
# Which mistakes cost most depends on what training varied: colours, so their order
# hardly matters here; never which way is up.
#
# ## Three ways to start
#
# Labels are dear, so take a few of each new class, and compare three ways:
#
# - from scratch: the same network, with random weights;
# - frozen: the trained weights stay as they are, and only a new last layer learns;
# - fine-tuned: the same, and then all weights go on learning.

# %%
def new_digits(x, y):
    """The digits 6 to 9, as the classes 0 to 3."""
    return x[y > 5], y[y > 5] - 6


pool, pool_y = new_digits(x_train, y_train)
digits, test_y = new_digits(x_test, y_test)
digits, test_y = digits.repeat(2, 1, 1, 1), test_y.repeat(2)


def few(n, seed, draw=cluttered):
    """n pictures of each new class, and their labels."""
    random = torch.Generator().manual_seed(seed)
    mixed = torch.randperm(len(pool), generator=random)
    rows = torch.cat([mixed[pool_y[mixed] == kind][:n] for kind in range(4)])
    return normalised(draw(pool[rows], random)), pool_y[rows]


def pretrained():
    """The trained features with a new last layer for four classes."""
    model = Backbone(classes=4)
    body = {k: v for k, v in state.items() if not k.startswith("head.")}
    told = model.load_state_dict(body, strict=False)
    assert told.missing_keys == ["head.weight", "head.bias"]
    return model.to(device)


def fit_head(model, x, y):
    """Features never change, so they are computed once."""
    model.eval()  # batch norm keeps what it collected
    with torch.no_grad():
        features = model.features(x.to(device))
    optimizer = torch.optim.AdamW(model.head.parameters(), lr=0.01)
    for _ in range(200):
        loss = F.cross_entropy(model.head(features), y.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


def fit(model, x, y, lr, steps=60):
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    model.train()
    for _ in range(steps):
        batch = torch.randperm(len(x))[:32]
        loss = F.cross_entropy(model(x[batch].to(device)), y[batch].to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model
