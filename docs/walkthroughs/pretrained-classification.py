# ---
# description: "From scratch, frozen and fine-tuned, by labels, with error bars."
# ---

# %% [markdown]
# # What does a pretrained network save you?
#
# At the end you teach a network four new classes with a few labels each, because it starts from weights that someone trained before.
# You need [a first CNN](first-cnn.ipynb) and [state dicts](../training/save-and-load.md).

# %%
import copy

import matplotlib.pyplot as plt
from torch import nn
from torch.nn import functional as F

# --8<-- "lab/train/digits.py:digits"
device = torch.accelerator.current_accelerator(check_available=True)
device = device or torch.device("cpu")
x_train, y_train, x_test, y_test = digit_sets()
print(len(x_train), "digits to train on,", len(x_test), "to test on")

# %% tags=["fold"]
# figure: Twenty small colour pictures, two of each digit from 0 to 9. Each digit has
#   its own colour, size and place on a ground of soft colours and small boxes.
# --8<-- "lab/train/backbone.py:pictures"
some = torch.cat([x_train[y_train == digit][:2] for digit in range(10)])
pictures = cluttered(some, torch.Generator().manual_seed(0))
figure, axes = plt.subplots(2, 10, figsize=(6, 1.6))
for ax, picture in zip(axes.T.flat, pictures, strict=True):
    ax.imshow(picture.permute(1, 2, 0))
    ax.axis("off")
for digit, ax in enumerate(axes[0]):
    ax.set_title(str(digit), size=10, weight="normal", loc="center")
plt.show()

# %% [markdown]
# These are scikit-learn's digits in clutter, RGB pictures of 32x32 pixels; the code above makes them.
# The project behind this site trained a network on the digits 0 to 5, and never showed it a 6, 7, 8 or 9: those are your new classes.
#
# ## Load the weights
#
# Weights fit only the network that they were trained in:

# %%
# --8<-- "lab/train/backbone.py:model"
print(sum(p.numel() for p in Backbone(classes=6).parameters()), "parameters")

# %% [markdown]
# The site publishes a file with those weights.
# This takes a file of that name beside the notebook, or else fetches it:

# %%
# --8<-- "lab/train/weights.py:load"
# --8<-- "lab/train/weights.py:backbone"

state = load_weights("backbone", BACKBONE)
backbone = Backbone(classes=6)
print(backbone.load_state_dict(state))
print(sorted({str(tensor.dtype) for tensor in state.values()}))

# %% [markdown]
# `weights_only=True` refuses a file that would run code, and the SHA-256 tells you that it is the very file that this page was made with.
# The file holds numbers of 16 bits, and `load_state_dict` widens them.
# [Its card](../assets/weights/backbone.json) says how it was trained, and how good three such trainings were.
#
# ## Feed it what it was trained on
#
# Trained weights expect numbers like those in training, so the same normalisation comes with them.
# Here are held-out digits 0 to 5, fed as in training, and in four other ways:


# %%
# --8<-- "lab/train/backbone.py:normalise"
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
assert rates["normalised"] > 0.95 and rates["blue, green, red"] > 0.95
assert rates["as it is, 0 to 1"] < 0.7 and rates["bytes, 0 to 255"] < 0.35

# %% [markdown]
# A wrong input raises no error, it costs accuracy: as bytes, the answers are little better than guesses among six.
# What a mistake costs depends on what training varied.
# Digits came in every colour, so here the order of the channels hardly matters; a network trained on photos, where skies are blue, is not so lucky.
#
# ## Three ways to start
#
# Labels cost work, so take a few of each new class, and compare three ways:
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


def few(n, seed, draw):
    """n pictures of each new class, and their labels."""
    random = torch.Generator().manual_seed(seed)
    mixed = torch.randperm(len(pool), generator=random)
    rows = torch.cat([mixed[pool_y[mixed] == kind][:n] for kind in range(4)])
    return normalised(draw(pool[rows], random)), pool_y[rows]


def pretrained():
    """The trained features, and a new last layer for four classes."""
    model = Backbone(classes=4)
    body = {k: v for k, v in state.items() if not k.startswith("head.")}
    told = model.load_state_dict(body, strict=False)
    assert told.missing_keys == ["head.weight", "head.bias"]
    return model.to(device)


def fit_head(model, x, y):
    """Train the last layer; the features stay, so they are computed once."""
    model.eval()  # batch norm keeps what it collected
    with torch.no_grad():
        features = model.features(x.to(device))
    optimizer = torch.optim.AdamW(model.head.parameters(), lr=0.01)
    for _ in range(200):
        loss = F.cross_entropy(model.head(features), y.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def fit_all(model, x, y, lr):
    """Train all weights, for 60 batches of up to 32 pictures."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    for _ in range(60):
        batch = torch.randperm(len(x))[:32]
        loss = F.cross_entropy(model(x[batch].to(device)), y[batch].to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


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


LABELS, SEEDS = (2, 5, 10, 50), (0, 1, 2)
results = {n: [compare(n, seed) for seed in SEEDS] for n in LABELS}


def show(results):
    print("labels   scratch      frozen       fine-tuned")
    for n, runs in results.items():
        columns = [[run[name] for run in runs] for name in runs[0]]
        ranges = [f"{min(c):.2f} to {max(c):.2f}" for c in columns]
        print(f"{n:6}  ", " ".join(ranges))


def mean(results, n, name):
    return sum(run[name] for run in results[n]) / len(results[n])


show(results)
assert max(run["scratch"] for runs in results.values() for run in runs) < 0.45
assert min(run["frozen"] for run in results[10]) > 0.6
assert mean(results, 2, "fine-tuned") < mean(results, 2, "frozen") + 0.03
assert mean(results, 50, "fine-tuned") > mean(results, 50, "frozen") + 0.01

# %% tags=["fold"]
# figure: Accuracy by labels per class, with the range over three seeds as bars.
#   Frozen and fine-tuned rise from about 0.6, from scratch stays near chance.


def plot(ax, results):
    for name in results[LABELS[0]][0]:
        values = [[run[name] for run in runs] for runs in results.values()]
        middle = [sum(v) / len(v) for v in values]
        below = [m - min(v) for m, v in zip(middle, values, strict=True)]
        above = [max(v) - m for m, v in zip(middle, values, strict=True)]
        bars = [below, above]
        ax.errorbar(
            list(results), middle, bars, marker="o", capsize=3, label=name
        )
    ax.axhline(0.25, color="0.5", linestyle=":")
    ax.set_xscale("log")
    ax.set_xticks(list(results), list(results))
    ax.minorticks_off()
    ax.set_ylim(0, 1.02)
    ax.set_xlabel("labels per class")


figure, ax = plt.subplots()
plot(ax, results)
ax.text(50, 0.19, "chance", color="0.5", ha="right")
ax.set_ylabel("accuracy")
ax.legend(loc="center right", bbox_to_anchor=(1, 0.48))
plt.show()

# %% [markdown]
# Each way was tried three times, with other labels, other clutter and other random weights: the dot is the mean, and the bar reaches from the worst to the best.
# From scratch, the network learns next to nothing from so few pictures in so few steps.
# Frozen features are worth most of what there is to gain.
# Fine-tuning needs labels: with two of each class it gains nothing, with 50 it is the best of the three.
#
# ## Where it does not help
#
# Now the same digits without clutter, white on black and all in the middle:


# %%
def clean(digits, random):
    """8x8 digits, white on black, 24 pixels high: (N, 3, 32, 32)."""
    large = F.interpolate(digits, size=24, mode="bilinear")
    return F.pad(large, (4, 4, 4, 4)).expand(-1, 3, -1, -1)


plain = {n: [compare(n, seed, clean) for seed in SEEDS] for n in (2, 10)}
show(plain)
for n in plain:
    assert mean(plain, n, "scratch") > mean(plain, n, "frozen")
    assert mean(plain, n, "fine-tuned") < mean(plain, n, "scratch") + 0.03

# %% [markdown]
# The task is easy, so the network learns it from scratch: frozen features are worse, and fine-tuning gains nothing.
# Before you reach for trained weights, measure what you get without them.
#
# ## When it goes wrong
#
# The new task has four classes, the file has six:

# %%
try:
    Backbone(classes=4).load_state_dict(state)
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")

# %% [markdown]
# Leave out the head's entries and load the rest with [`strict=False`](../training/save-and-load.md), as `pretrained()` does above.
# Then look at the answer: `strict=False` also says nothing of a misspelt prefix, and loads no weight at all.

# %%
wrong = {f"module.{key}": tensor for key, tensor in state.items()}
told = Backbone(classes=6).load_state_dict(wrong, strict=False)
print(
    len(told.missing_keys), "missing,", len(told.unexpected_keys), "unexpected"
)
assert len(told.unexpected_keys) == len(state)

# %% [markdown]
# Frozen is more than `requires_grad_(False)`.
# In `train()`, batch norm goes on collecting averages, without any gradient:

# %%
frozen = Backbone(classes=6).to(device)
frozen.load_state_dict(state)
frozen.requires_grad_(False)
old_x, old_y = normalised(pictures), labels
new_x, _ = few(50, seed=0, draw=clean)

before = accuracy(frozen, old_x, old_y)
frozen.train()  # as a training loop does
for _ in range(20):
    frozen(new_x.to(device))
after = accuracy(frozen, old_x, old_y)
print(f"digits 0 to 5 before {before:.2f}, after {after:.2f}")
assert before - after > 0.2

# %% [markdown]
# No weight has changed, yet many of the old digits are lost.
# Call `model.eval()`, or `model.features.eval()`, after `model.train()`.
#
# ## The same with torchvision
#
# This needs a network: ResNet-18 was trained on ImageNet, and its weights come from the servers of PyTorch, so nothing on this page calls it.
# The steps are those from above: load, put a new head on, and keep the normalisation that comes with the weights.


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
# `weights.transforms()` resizes a picture, cuts out its middle, and normalises each channel, all as in training.
# Leave it out, and you make the mistake from above.
# After `model.train()`, `model.eval()` is due again: this network, too, has batch norm.
#
# ## Next
#
# **Try it**: let `normalised` return its pictures unchanged, and compare again.
# With 10 labels, the frozen features are right in about half of all pictures, in place of about 7 in 10: the new head learned on features that are wrong.
#
# Next, [find where in a picture the digits are](pretrained-detection.ipynb).
