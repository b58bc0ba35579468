# ---
# description: "A CNN layer by layer, beside an MLP, on digits that move."
# ---

# %% [markdown]
# # Why does a network for pictures use convolutions?
#
# At the end you have a network that finds a digit wherever it stands in the picture, and you have looked inside it.
# You need [a training loop](../training/train-and-eval.md) and [shapes](../tensors/shapes-and-dtypes.md).

# %%
import copy

import matplotlib.pyplot as plt
from torch import nn
from torch.nn import functional as F

# --8<-- "lab/train/digits.py:digits"
device = torch.accelerator.current_accelerator(check_available=True)
device = device or torch.device("cpu")
x_train, y_train, x_test, y_test = digit_sets()
print(x_train.shape, x_test.shape)

# %% [markdown]
# These are [scikit-learn's](https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_digits.html)
# handwritten digits: samples, one channel of grey, 8 rows, 8 columns.
# Here each gets a margin, so that it has room to move.

# %%


def placed(digits, down=0, right=0):
    """Each digit on 16x16 pixels, so far from the middle: (N, 1, 16, 16)."""
    sides = (4 + right, 4 - right, 4 + down, 4 - down)
    return F.pad(digits, sides)


def scattered(digits, furthest):
    """Each digit at a random place, up to so many pixels off the middle."""
    places = torch.randint(-furthest, furthest + 1, (len(digits), 2)).tolist()
    both = zip(digits.split(1), places, strict=True)
    return torch.cat([placed(one, *place) for one, place in both])


# %% tags=["fold"]
# figure: A seven in the middle of a dark square, and the same seven two and four
#   pixels further to the right and down.
seven = x_train[y_train == 7][:1]
figure, axes = plt.subplots(1, 3, figsize=(6, 2.2))
for ax, pixels in zip(axes, (0, 2, 4), strict=True):
    ax.imshow(placed(seven, pixels, pixels)[0, 0], cmap="gray")
    ax.set_title(f"{pixels} pixels off", size=11, weight="normal")
    ax.axis("off")
plt.show()

# %% [markdown]
# ## A network that learns every place by itself
#
# A multilayer perceptron, or MLP, gives every pixel weights of its own.
# It trains on digits in the middle, and is tested on digits that stand elsewhere.
# Chance has a part in training: the seed decides the first weights and the order of the digits.
# So train it with three seeds; each line has the worst and the best of the three networks:

# %%
SEEDS = (0, 1, 2)


def mlp():
    return nn.Sequential(
        nn.Flatten(),  # (N, 256)
        nn.Linear(256, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )


def train(build, seed, furthest=0, epochs=15):
    """A trained network; each epoch, every digit gets another place."""
    torch.manual_seed(seed)
    model = build().to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(x_train)).split(64):
            x = scattered(x_train[batch], furthest).to(device)
            loss = F.cross_entropy(model(x), y_train[batch].to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


def accuracy(model, x, y):
    """The share of right answers, as a number from 0 to 1."""
    model.eval()
    with torch.no_grad():
        answers = model(x.to(device)).argmax(dim=1).cpu()
    return (answers == y).float().mean().item()


def by_distance(models):
    """For 0 to 4 pixels diagonally off the middle, each network's accuracy."""
    moved = [placed(x_test, pixels, pixels) for pixels in range(5)]
    return [[accuracy(model, x, y_test) for model in models] for x in moved]


def show(table):
    for pixels, row in enumerate(table):
        print(f"{pixels} pixels off: {min(row):.2f} to {max(row):.2f}")


mlps = by_distance([train(mlp, seed) for seed in SEEDS])
show(mlps)
assert min(mlps[0]) > 0.93  # in the middle
assert max(mlps[2]) < 0.1  # two pixels off

# %% [markdown]
# In the middle it is right more than 9 times in 10.
# Two pixels away it is right less than 1 time in 10, which is worse than guessing:
# other pixels have other weights, which learned other parts of digits.
# Those of the margin learned nothing at all, as it was always 0.

# %% [markdown]
# ## A filter that is the same everywhere
#
# A convolution has one small set of weights, a filter, and applies it at every place.
# Move the picture, and its output moves along:

# %%
torch.manual_seed(0)
convolution = nn.Conv2d(1, 16, kernel_size=3, padding=1)
linear = nn.Linear(16 * 16, 16 * 16 * 16)  # as many outputs
print(sum(p.numel() for p in convolution.parameters()), "weights and biases")
print(sum(p.numel() for p in linear.parameters()), "in a linear layer")

with torch.no_grad():
    first = convolution(placed(x_test[:1]))
    later = convolution(placed(x_test[:1], down=2, right=3))
inside = (..., slice(4, -4), slice(4, -4))  # away from the border
expected = first.roll((2, 3), dims=(2, 3))[inside]
print("moved along:", torch.allclose(later[inside], expected, atol=1e-6))

# %% [markdown]
# The network has three such layers.
# `MaxPool2d(2)` keeps the largest of each 2x2 numbers, so the next filter sees a wider part of the picture.
# `AdaptiveMaxPool2d(1)` keeps how strongly a filter found its pattern, not where:

# %%


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.AdaptiveMaxPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(64, 10),
    )


x = placed(x_train[:64])
print("input".ljust(18), list(x.shape))
for layer in cnn():
    x = layer(x)
    print(type(layer).__name__.ljust(18), list(x.shape))
print(sum(p.numel() for p in cnn().parameters()), "parameters")

# %% [markdown]
# Read the shapes as samples, channels, rows, columns.
# The picture shrinks while channels are added, until a digit is 64 numbers.

# %% [markdown]
# ## Right at four pixels, wrong at two
#
# The CNN gets the same training and the same test:

# %%
cnns = by_distance([train(cnn, seed) for seed in SEEDS])
show(cnns)
assert min(cnns[0]) > 0.97  # in the middle
assert max(cnns[1]) < 0.75  # one pixel off
assert max(cnns[2]) < 0.85  # two pixels off
assert min(cnns[4]) > 0.85  # four pixels off

# %% [markdown]
# Four pixels off, it is right again more than 8 times in 10, though it never saw a digit there.
# The border costs it the rest, as the digit now touches it: on a wider picture it is as good as in the middle.
# In between it fails more often: pooling looks at every second place, twice, so only a move by four gives the third layer the same numbers.
# A convolution moves along with its picture; a network with pooling does so in steps.
#
# Digits that move by up to four pixels during training fill the gaps:

# %%
moved_mlps = by_distance([train(mlp, seed, furthest=4) for seed in SEEDS])
models = [train(cnn, seed, furthest=4) for seed in SEEDS]
moved_cnns = by_distance(models)
print("MLP")
show(moved_mlps)
print("CNN")
show(moved_cnns)
assert max(map(max, moved_mlps)) < min(map(min, moved_cnns))
assert min(map(min, moved_cnns)) > 0.88

# %% tags=["fold"]
# figure: Accuracy by distance from the middle. Trained in the middle, the MLP falls
#   to nearly nothing within two pixels; the CNN falls to about a half and comes back at
#   four. Trained on moved digits, the CNN stays high, and the MLP stays near a half.
ways = (
    ("C0", "-", "CNN, trained on moved digits", moved_cnns),
    ("C1", "-", "MLP, trained on moved digits", moved_mlps),
    ("C0", "--", "CNN, in the middle only", cnns),
    ("C1", "--", "MLP, in the middle only", mlps),
)
for colour, style, name, table in ways:
    low, high = [min(row) for row in table], [max(row) for row in table]
    middle = [sum(row) / len(row) for row in table]
    plt.plot(
        range(5), middle, color=colour, linestyle=style, marker="o", label=name
    )
    plt.fill_between(range(5), low, high, color=colour, alpha=0.2, linewidth=0)
plt.axhline(0.1, color="0.5", linestyle=":")
plt.text(4, 0.12, "chance", color="0.5", ha="right")
plt.xticks(range(5))
plt.xlabel("pixels off the middle, down and to the right")
plt.ylabel("accuracy, 450 digits")
plt.ylim(0, 1.02)
plt.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2))
plt.show()

# %% [markdown]
# A line is the mean of three networks, and the band around it reaches from the worst to the best.
# In the same 15 epochs, the CNN is better everywhere: the MLP has to learn each place by itself.

# %% [markdown]
# ## Look inside
#
# The filters of the first layer are 16 pictures of 3x3 weights:

# %% tags=["fold"]
# figure: Sixteen squares of three by three weights in blue and red. Several are blue on
#   one side and red on the other, so they answer to edges.
model = models[0]
weights = model[0].weight.detach().cpu()[:, 0]
limit = weights.abs().max()
figure, axes = plt.subplots(2, 8, figsize=(6, 1.7))
for number, (ax, weight) in enumerate(zip(axes.flat, weights, strict=True)):
    ax.imshow(weight, cmap="RdBu_r", vmin=-limit, vmax=limit)
    ax.set_title(str(number), size=9, weight="normal", loc="center")
    ax.axis("off")
plt.show()

# %% [markdown]
# Red weights are positive, blue ones negative.
# Applied to a three, each filter makes a picture of where it found its pattern, a feature map:

# %% tags=["fold"]
# figure: A three, and under it its sixteen feature maps. Some are light along the edges
#   on one side of the strokes, some inside them, and some on the ground around.
model.eval()
three = placed(x_test[y_test == 3][:1])
with torch.no_grad():
    maps = model[:3](three.to(device))[0].cpu()  # convolution, norm, ReLU
figure, axes = plt.subplots(3, 8, figsize=(6, 2.6))
for ax in axes.flat:
    ax.axis("off")
axes[0, 0].imshow(three[0, 0], cmap="gray")
for number, (ax, one) in enumerate(zip(axes[1:].flat, maps, strict=True)):
    ax.imshow(one, cmap="magma")
    ax.set_title(str(number), size=9, weight="normal", loc="center")
plt.show()

# %% [markdown]
# ## Which digits does it confuse?
#
# Each test digit gets a random place, and each of the three networks reads all 450.
# Here is how many it reads wrongly, and its most frequent mistake:

# %%


def confusion(model, x):
    """How often each digit, by row, got each answer, by column: (10, 10)."""
    with torch.no_grad():
        answers = model.eval()(x.to(device)).argmax(dim=1).cpu()
    return torch.bincount(10 * y_test + answers, minlength=100).reshape(10, 10)


torch.manual_seed(0)
x = scattered(x_test, 4)
mistakes, most = [], []
for seed, one in zip(SEEDS, models, strict=True):
    table = confusion(one, x)
    table.fill_diagonal_(0)  # the right answers
    digit, answer = divmod(table.argmax().item(), 10)
    print(f"seed {seed}: {table.sum()} wrong, most often", end=" ")
    print(f"{digit} as {answer}: {table.max()}")
    mistakes.append(table)
    most.append((digit, answer))
assert mistakes[0].sum() < 45
assert len(set(most)) > 1

# %% [markdown]
# There is no one answer: which digits a network confuses depends on its seed, too.
# So do not read much into the table of one network.
# This is the one with the most mistakes; rows are the digits, columns the wrong answers:

# %% tags=["fold"]
# figure: A ten by ten table of how often a digit, by row, got a wrong answer, by
#   column. Most fields are empty; the fullest is dark.
wrong = max(mistakes, key=torch.sum)
figure, ax = plt.subplots(figsize=(4.2, 4.2))
ax.imshow(wrong, cmap="Oranges", vmax=1.5 * wrong.max())
for row, column in wrong.nonzero().tolist():
    count = wrong[row, column].item()
    ax.text(column, row, count, ha="center", va="center", color="black")
ax.set_xticks(range(10))
ax.set_yticks(range(10))
ax.set_xlabel("answer")
ax.set_ylabel("digit")
plt.show()

# %% [markdown]
# ## What happens without eval()?
#
# This network has dropout and batch norm, so it [needs `eval()`](../training/train-and-eval.md#the-answers-change-from-call-to-call) before it predicts.
# Forget it, ask for one digit at a time, and there is no error:

# %%
torch.manual_seed(0)
careless = copy.deepcopy(model).train()  # as after training
before = careless[1].running_var.clone()
x = scattered(x_test, 4)
rates = {}
with torch.no_grad():
    for name, network in {"eval()": model.eval(), "train()": careless}.items():
        answers = [
            network(one.to(device)).argmax().item() for one in x.split(1)
        ]
        rates[name] = (torch.tensor(answers) == y_test).float().mean().item()
        print(f"{name}: {rates[name]:.2f} are right")
print("batch norm changed:", not torch.equal(before, careless[1].running_var))
assert rates["eval()"] > 0.9 and rates["train()"] < 0.8

# %% [markdown]
# In `train()`, batch norm measures each digit by itself instead of using what it collected, and dropout leaves out a part of what was found.
# Worse, each prediction also changed the network.

# %% [markdown]
# ## When it goes wrong
#
# Pictures from files often have their channels last: rows, columns, channels.
# A layer then takes the rows for channels:

# %%
photo = torch.rand(1, 16, 16, 1)  # rows, columns, then the channel
try:
    model(photo)
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")

print(model(photo.permute(0, 3, 1, 2).to(device)).shape)

# %% [markdown]
# `permute` moves the channels to where PyTorch wants them.
# `reshape` only looks as if: the shape is right, so nothing complains, and the picture is gone:

# %%
from sklearn.datasets import load_sample_image

flower = torch.tensor(load_sample_image("flower.jpg")[::4, ::4])
moved = flower.permute(2, 0, 1)
cut = flower.reshape(moved.shape)
print(list(flower.shape), list(moved.shape), list(cut.shape))
assert moved.shape == cut.shape and not torch.equal(moved, cut)

# %% tags=["fold"]
# figure: A flower. Beside it, after permute, its red channel: the same flower in grey.
#   After reshape, a pattern of dots in which only the flower's upper edge is left.
figure, axes = plt.subplots(1, 3, figsize=(6, 1.8))
axes[0].imshow(flower)
axes[0].set_title("the photo", size=10, weight="normal")
axes[1].imshow(moved[0], cmap="gray")
axes[1].set_title("permute(2, 0, 1)[0]", size=10, weight="normal")
axes[2].imshow(cut[0], cmap="gray")
axes[2].set_title("reshape(...)[0]", size=10, weight="normal")
for ax in axes:
    ax.axis("off")
plt.show()

# %% [markdown]
# Forget `Flatten`, and the linear layer takes the last dimension, the columns, for the features:

# %%
features = torch.rand(2, 64, 1, 1)  # as AdaptiveMaxPool2d gives them
head = nn.Linear(64, 10)
try:
    head(features)
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")

print(head(features.flatten(start_dim=1)).shape)

# %% [markdown]
# Batch norm in training needs more than one number for each channel, and a last batch of one sample has only that:

# %%
norm = nn.BatchNorm1d(64)
try:
    norm(torch.rand(1, 64))
except ValueError as error:
    print(f"{type(error).__name__}: {error}")

print(norm.eval()(torch.rand(1, 64)).shape)

# %% [markdown]
# In evaluation it uses what it collected, so one sample is enough.
# In training, let the loader leave that batch out, with `drop_last=True`.
#
# ## Next
#
# **Try it**: in `cnn`, write `nn.Flatten()` in place of the pooling before it, so that the last layer is `nn.Linear(64 * 4 * 4, 10)`.
# Trained in the middle, it is as good there, and four pixels off it now fails like the MLP: the last layer has learned places again.
#
# Next, [start from a network that was trained before](pretrained-classification.ipynb), where you have few labels.
