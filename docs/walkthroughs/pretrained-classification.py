# ---
# description: "From scratch, frozen and fine-tuned, by labels, with error bars."
# ---

# %% [markdown]
# # What does a pretrained network save you?
#
# You teach a network four new classes with a few labels each, because it starts from weights that were trained on other classes.

# %% [markdown]
# The figure compares three ways to start.
# From scratch, with random weights, the network learns next to nothing from so few pictures.
# From pretrained weights it reads about half of the new pictures with two labels of each class, and about eight in ten with 50.
#
# You need to know [a first CNN](first-cnn.ipynb) and [state dicts](../training/save-and-load.md).
#
# ## See what the network has to read
#
# This folded cell imports what you need, chooses the device and loads scikit-learn's digits:

# %% tags=["fold"]
# Set-up: imports, device and digits
import copy

import matplotlib.pyplot as plt
from torch import nn
from torch.nn import functional as F

# --8<-- "lab/train/digits.py:digits"
device = torch.accelerator.current_accelerator(check_available=True)
device = device or torch.device("cpu")
x_train, y_train, x_test, y_test = digit_sets()

# %% [markdown]
# To make the task harder, each digit gets a colour, a size and a place on a cluttered picture of 32 by 32 pixels:

# %% tags=["fold"]
# figure: Twenty small colour pictures, two of each digit from 0 to 9. Each digit has
#   its own colour, size and place on a ground of soft colours and small boxes.
# Make cluttered pictures, and draw twenty
# --8<-- "lab/train/backbone.py:pictures"
some = torch.cat([x_train[y_train == digit][:2] for digit in range(10)])
pictures = cluttered(some, torch.Generator().manual_seed(0))
figure, axes = plt.subplots(2, 10, figsize=(5.4, 1.6))
for ax, picture in zip(axes.T.flat, pictures, strict=True):
    ax.imshow(picture.permute(1, 2, 0))
    ax.axis("off")
for digit, ax in enumerate(axes[0]):
    ax.set_title(str(digit), size=10, weight="normal", loc="center")
plt.show()

# %% [markdown]
# The project behind this site trained a network on the digits 0 to 5 of such pictures.
# It never saw a 6, 7, 8 or 9, and these are your four new classes.
#
# ## Load the weights
#
# Weights fit only into the network that they were trained in, so you need its code.
# It has four blocks of convolution, batch norm, ReLU and pooling, the `features`, and one last linear layer, the `head`:

# %% tags=["fold"]
# The network: four blocks and a head
# --8<-- "lab/train/backbone.py:model"

# %% [markdown]
# The site publishes a file with the trained weights.
# This folded function takes a file of that name beside the notebook, or downloads it:

# %% tags=["fold"]
# Helper function: load_weights
# --8<-- "lab/train/weights.py:load"
# --8<-- "lab/train/weights.py:backbone"

# %% [markdown]
# `load_state_dict` copies the weights into the network, and says whether all names agree:

# %%
state = load_weights("backbone", BACKBONE)
backbone = Backbone(classes=6)
print(sum(p.numel() for p in backbone.parameters()), "parameters")
print(backbone.load_state_dict(state))
print(sorted({str(tensor.dtype) for tensor in state.values()}))

# %% [markdown]
# The file stores numbers of 16 bits, and `load_state_dict` converts them to the 32 bits of the network.
# `load_weights` compares the SHA-256 of the file, so you know that it is the file this page was made with, and its `weights_only=True` refuses a file that would run code.
# [The card of the weights](../assets/weights/backbone.json) says how they were trained, and how good three such trainings were.
#
# ## Feed it what it was trained on
#
# Pretrained weights expect numbers like those in training, so the same normalisation belongs to them.
# This function subtracts the mean and divides by the spread of the pictures from the training:


# %%
# --8<-- "lab/train/backbone.py:normalise"
def accuracy(model, x, y):
    """The share of right answers, as a number from 0 to 1."""
    model.eval()
    with torch.no_grad():
        answers = model(x.to(device)).argmax(dim=1).cpu()
    return (answers == y).float().mean().item()


# %% [markdown]
# What happens if you forget it?
# Take test digits 0 to 5, and feed them as in training, and in four other ways:

# %%
known = y_test < 6
labels = y_test[known]
pictures = cluttered(x_test[known], torch.Generator().manual_seed(1))
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
assert rates["normalised"] > 0.93 and rates["blue, green, red"] > 0.93
assert rates["as it is, 0 to 1"] < 0.7 and rates["bytes, 0 to 255"] < 0.4

# %% [markdown]
# A wrong input raises no error; it costs accuracy.
# With bytes, the answers are little better than guesses among six classes.
#
# How much a mistake costs depends on what varied in training.
# Here the digits had every colour, so the order of the colour channels hardly matters.
# A network trained on photos, where skies are blue, needs the right order.
#
# ## Compare three ways to start
#
# Labels are work, so take only a few of each new class, and compare:
#
# - **from scratch**: the same network with random weights;
# - **frozen**: the trained features stay as they are, and only a new last layer learns;
# - **fine-tuned**: the same, and then all weights continue to learn.
#
# First collect the new classes, 6 to 9, from both sets of digits:


# %%
def new_digits(x, y):
    """The digits 6 to 9, as the classes 0 to 3."""
    return x[y > 5], y[y > 5] - 6


pool, pool_y = new_digits(x_train, y_train)
digits, test_y = new_digits(x_test, y_test)
print(len(pool), "to choose from,", len(digits), "to test on")

# %% [markdown]
# `few` takes `n` pictures of each class, as if you had labelled only those.
# `draw` makes pictures of the digits, for now `cluttered`:


# %%
def few(n, seed, draw):
    """n pictures of each new class, and their labels."""
    random = torch.Generator().manual_seed(seed)
    mixed = torch.randperm(len(pool), generator=random)
    rows = torch.cat([mixed[pool_y[mixed] == kind][:n] for kind in range(4)])
    return normalised(draw(pool[rows], random)), pool_y[rows]


# %% [markdown]
# The pretrained network gets the trained features.
# Its head stays random, because the new task has other classes:


# %%
def pretrained():
    """The trained features, and a new last layer for four classes."""
    model = Backbone(classes=4)
    body = {k: v for k, v in state.items() if not k.startswith("head.")}
    told = model.load_state_dict(body, strict=False)
    assert told.missing_keys == ["head.weight", "head.bias"]
    return model.to(device)


# %% [markdown]
# **Frozen**: the features don't change, so you compute them only once, and train the head on them.
# That makes each of the 100 steps very fast:


# %%
def fit_head(model, x, y):
    """Train the last layer; the features stay, so they are computed once."""
    model.eval()  # batch norm keeps what it collected
    with torch.no_grad():
        features = model.features(x.to(device))
    optimizer = torch.optim.AdamW(model.head.parameters(), lr=0.01)
    for _ in range(100):
        loss = F.cross_entropy(model.head(features), y.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


# %% [markdown]
# **From scratch** and **fine-tuned**: all weights learn, so every step computes the whole network.
# `channels_last` changes only the order of the numbers in memory, in which a CPU computes convolutions faster:


# %%
def fit_all(model, x, y, lr):
    """Train all weights, for 40 batches of up to 16 pictures."""
    model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    for _ in range(40):
        batch = torch.randperm(len(x))[:16]
        loss = F.cross_entropy(model(x[batch].to(device)), y[batch].to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


# %% [markdown]
# One comparison trains all three on the same labels, and tests them on the same pictures.
# Fine-tuning starts from the frozen network and takes smaller steps, so that it doesn't destroy what was learned before:


# %%
def compare(n, seed, draw=cluttered):
    """Accuracy on pictures of held-out digits, by the way of starting."""
    x, y = few(n, seed, draw)
    test_x = normalised(draw(digits, torch.Generator().manual_seed(1)))
    torch.manual_seed(seed)
    scratch = Backbone(classes=4).to(device).train()
    fit_all(scratch, x, y, lr=3e-3)
    frozen = pretrained()
    fit_head(frozen, x, y)
    tuned = copy.deepcopy(frozen)  # its batch norm stays in eval(), too
    fit_all(tuned, x, y, lr=5e-4)
    models = {"scratch": scratch, "frozen": frozen, "fine-tuned": tuned}
    return {
        name: accuracy(one, test_x, test_y) for name, one in models.items()
    }


# %% [markdown]
# Which pictures are labelled, and the random weights, depend on a seed.
# Repeat each comparison with three seeds, and show the range:


# %% tags=["fold"]
# Helper functions: show and mean
def show(results):
    print("labels   scratch      frozen       fine-tuned")
    for n, runs in results.items():
        columns = [[run[name] for run in runs] for name in runs[0]]
        ranges = [f"{min(c):.2f} to {max(c):.2f}" for c in columns]
        print(f"{n:6}  ", " ".join(ranges))


def mean(results, n, name):
    return sum(run[name] for run in results[n]) / len(results[n])


# %%
LABELS, SEEDS = (2, 10, 50), (0, 1, 2)
results = {n: [compare(n, seed) for seed in SEEDS] for n in LABELS}
show(results)
assert max(run["scratch"] for runs in results.values() for run in runs) < 0.45
assert min(run["frozen"] for run in results[10]) > 0.6
assert mean(results, 2, "fine-tuned") < mean(results, 2, "frozen") + 0.03
assert mean(results, 50, "fine-tuned") > mean(results, 50, "frozen") + 0.01

# %% [markdown]
# From scratch, the network stays near the accuracy of guessing, which is 0.25 for four classes.
# The other two are far better, and improve with more labels:

# %% tags=["fold", "result"]
# figure: Accuracy by labels per class, with the range over three seeds as bars.
#   Frozen and fine-tuned rise from about 0.6 to about 0.8; from scratch stays near
#   guessing.
# Draw accuracy by labels
figure, ax = plt.subplots()
for name in results[LABELS[0]][0]:
    values = [[run[name] for run in runs] for runs in results.values()]
    middle = [sum(v) / len(v) for v in values]
    below = [m - min(v) for m, v in zip(middle, values, strict=True)]
    above = [max(v) - m for m, v in zip(middle, values, strict=True)]
    bars = [below, above]
    ax.errorbar(LABELS, middle, bars, marker="o", capsize=3, label=name)
ax.axhline(0.25, color="0.5", linestyle=":")
ax.text(50, 0.19, "guessing", color="0.5", ha="right")
ax.set_xscale("log")
ax.set_xticks(LABELS, LABELS)
ax.minorticks_off()
ax.set_ylim(0, 1.02)
ax.set_xlabel("labels per class")
ax.set_ylabel("accuracy")
ax.legend(loc="center right", bbox_to_anchor=(1, 0.48))
plt.show()

# %% [markdown]
# The dot is the mean of three seeds, and the bar reaches from the worst to the best.
#
# Frozen features give you most of what there is to gain.
# Fine-tuning needs labels: with two labels of each class it gains nothing, and with 50 it is the best of the three.
#
# ## When it does not help
#
# Now take the same digits without clutter: white on black, and all in the middle.


# %%
def clean(digits, random):
    """8x8 digits, white on black, 24 pixels high: (N, 3, 32, 32)."""
    large = F.interpolate(digits, size=24, mode="bilinear")
    return F.pad(large, (4, 4, 4, 4)).expand(-1, 3, -1, -1)


plain = {10: [compare(10, seed, clean) for seed in SEEDS]}
show(plain)
assert mean(plain, 10, "scratch") > mean(plain, 10, "frozen")
assert mean(plain, 10, "fine-tuned") < mean(plain, 10, "scratch") + 0.03

# %% [markdown]
# This task is so easy that the network learns it from scratch.
# Frozen features are worse here, and fine-tuning gains nothing.
# So measure what you get without pretrained weights before you use them.
#
# ## Pitfalls
#
# ### `size mismatch for head.weight`
#
# The new task has four classes, and the file has weights for six:

# %%
try:
    Backbone(classes=4).load_state_dict(state)
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")

# %% [markdown]
# Leave out the head and load the rest with [`strict=False`](../training/save-and-load.md), as `pretrained()` does.
#
# ### No error: `strict=False` loads nothing
#
# `strict=False` also accepts names that are all wrong, for instance because of a prefix.
# Look at what `load_state_dict` returns:

# %%
wrong = {f"module.{key}": tensor for key, tensor in state.items()}
told = Backbone(classes=6).load_state_dict(wrong, strict=False)
print(
    len(told.missing_keys), "missing,", len(told.unexpected_keys), "unexpected"
)
assert len(told.unexpected_keys) == len(state)

# %% [markdown]
# No name fits, so the network keeps its random weights.
#
# ### No error: a frozen network forgets
#
# `requires_grad_(False)` is not enough to freeze a network.
# In `train()`, batch norm goes on collecting averages, without any gradient:

# %%
frozen = Backbone(classes=6).to(device)
frozen.load_state_dict(state)
frozen.requires_grad_(False)
old_x, old_y = normalised(pictures), labels
new_x, _ = few(10, seed=0, draw=clean)

before = accuracy(frozen, old_x, old_y)
frozen.train()  # as a training loop does
for _ in range(20):
    frozen(new_x.to(device))
after = accuracy(frozen, old_x, old_y)
print(f"digits 0 to 5 before {before:.2f}, after {after:.2f}")
assert before - after > 0.2

# %% [markdown]
# No weight has changed, but the network now misreads many of the old digits.
# Call `model.eval()`, or `model.features.eval()`, after `model.train()`.
#
# ## Do the same with torchvision
#
# For photos, torchvision offers networks such as ResNet-18, trained on the pictures of ImageNet.
# The steps are those from above: load the weights, replace the head, and keep the normalisation that belongs to the weights.
# The weights come from PyTorch's servers, so this page defines the function but doesn't call it:


# %%
def torchvision_classifier(classes):
    """ResNet-18 with a new head, and what prepares a picture for it."""
    from torchvision.models import ResNet18_Weights, resnet18

    weights = ResNet18_Weights.DEFAULT
    model = resnet18(weights=weights)  # fetched once, then kept
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, classes)
    return model.eval(), weights.transforms()


# %% [markdown]
# `weights.transforms()` resizes a picture, cuts out its middle and normalises each channel, as in training.
# If you leave it out, you make the mistake from above.
# This network has batch norm too, so call `model.eval()` again after `model.train()`.
#
# ## Next
#
# **Try it**: let `normalised` return its pictures unchanged, and compare again.
# With 10 labels, the frozen features are right in about half of all pictures, in place of about 7 in 10, because the new head learned from wrong features.
#
# Next, [find where in a picture the digits are](pretrained-detection.ipynb).
