# ---
# description: "Build and train a CNN in PyTorch layer by layer, compare it with an MLP on digits that move, and look at its filters, feature maps and confusion matrix."
# search:
#   top: [convolutional neural network, image classification, Conv2d, MaxPool2d,
#     convnet, LeNet, image classifier, recognize pictures]
#   use-the-same-filter-everywhere: [what is a convolution, kernel, filter, weight
#     sharing, equivariance, receptive field, conv vs linear,
#     "why convolutions, not fully connected"]
#   look-inside-the-cnn: [feature maps, visualize filters, activations, intermediate
#     layer output, explainability, interpret, imshow kernels]
#   which-digits-does-it-confuse: [confusion matrix, misclassified, error analysis,
#     mixed up classes, per class]
#   what-happens-without-eval: [batch norm eval, single image predicted wrong,
#     running_mean]
#   train-both-on-digits-that-move: [CNN vs MLP, translation invariance, data
#     augmentation, robust]
#   no-error-reshape-in-place-of-permute: [scrambled image, garbled, stripes, transpose
#     axes, picture looks like noise after reshape, image wrong after view, pixels in the
#     wrong order]
#   load-digits-and-move-them: [shift images, random translation, border]
#   train-a-network-without-convolutions: [fully connected, dense network on images]
#   train-the-cnn-on-digits-in-the-middle: [shift invariance, subsampling, aliasing]
#   expected-input1-16-16-1-to-have-1-channels-but-got-16-channels-instead: [HWC, NHWC,
#     grayscale axis]
#   mat1-and-mat2-shapes-cannot-be-multiplied: [missing flatten, conv output to dense]
# ---

# %% [markdown]
# # Build your first CNN, and see why it uses convolutions
#
# You build a convolutional network (CNN) that finds a digit wherever it stands in the picture, and compare it with a network without convolutions.

# %% [markdown]
# The figure shows how many digits each network reads when the digits move away from the middle.
# Trained on digits that move, the CNN (solid blue) reads nearly all of them, and the network without convolutions (an MLP, solid orange) reads less than six in ten.
# Trained in the middle only (dashed), both fail one to three pixels away from it, each in its own way, and this page explains why.
#
# You need to know [a training loop](../training/train-and-eval.md) and [shapes](../tensors/shapes-and-dtypes.md).
#
# ## Load digits and move them
#
# The digits are the same as in [the first network](first-network.ipynb), and come with [scikit-learn](https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_digits.html).
# This folded cell imports what you need, chooses a GPU if there is one, and splits the digits into training and test:

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
# Each digit gets a margin of four pixels on every side, so that it has room to move.
# `placed` moves all digits by the same number of pixels, and `scattered` moves each digit by a random number of its own:


# %%
def placed(digits, down=0, right=0):
    """Each digit on 16x16 pixels, so far from the middle: (N, 1, 16, 16)."""
    # the margins: left, right, top, bottom
    sides = (4 + right, 4 - right, 4 + down, 4 - down)
    return F.pad(digits, sides)


def scattered(digits, furthest):
    """Each digit at a random place, up to so many pixels off the middle."""
    places = torch.randint(-furthest, furthest + 1, (len(digits), 2)).tolist()
    both = zip(digits.split(1), places, strict=True)
    return torch.cat([placed(one, *place) for one, place in both])


print(list(x_train.shape), "to", list(placed(x_train).shape))

# %% [markdown]
# Read a shape as samples, channels, rows and columns.
# Grey pictures have one channel, and 8 by 8 pixels{=[1347, 1, #, 8]} have become 16 by 16.
#
# Wherever it stands, you read the same digit:

# %% tags=["fold"]
# figure: A seven in the middle of a dark square, and the same seven two and four
#   pixels further to the right and down.
# Draw a moving seven
seven = x_train[y_train == 7][:1]
figure, axes = plt.subplots(1, 3, figsize=(5.4, 2.2))
for ax, pixels in zip(axes, (0, 2, 4), strict=True):
    ax.imshow(placed(seven, pixels, pixels)[0, 0], cmap="gray")
    ax.set_title(f"{pixels} pixels off", size=11, weight="normal")
    ax.axis("off")
plt.show()

# %% [markdown]
# ## Train a network without convolutions
#
# A multilayer perceptron, or MLP, is a network of linear layers.
# Each of its 64 hidden numbers has a weight of its own for every pixel.
# As in the first network, the 64 is a choice:


# %%
def mlp():
    return nn.Sequential(
        nn.Flatten(),  # (N, 256)
        nn.Linear(256, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )


# %% [markdown]
# All networks of this page are trained by the same function, so that only the network differs.
# With `furthest=0`, every digit is in the middle; with `furthest=4`, each digit gets another random place in each epoch.
#
# Adam is an optimizer that adapts the size of the step for each weight.
# The learning rate of 0.003, the batches of 32 and the six epochs are a choice: with them, both networks read more than nine in ten digits in the middle.
# `channels_last` changes only the order of the numbers in memory, which can make convolutions faster:


# %%
def train(build, seed, furthest=0, epochs=6):
    """A trained network; each epoch, every digit gets another place."""
    torch.manual_seed(seed)
    model = build().to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(x_train)).split(32):
            x = scattered(x_train[batch], furthest).to(device)
            loss = F.cross_entropy(model(x), y_train[batch].to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


# %% [markdown]
# The seed decides the first weights and the order of the digits, so one training can be lucky.
# That is why you train each network three times, with three seeds.
# The folded helpers test networks on digits in the middle, and up to four pixels down and to the right of it:


# %% tags=["fold"]
# Helper functions: accuracy by distance from the middle
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


# %% [markdown]
# Train three MLPs on digits in the middle.
# Each line of the output has the accuracy of the worst and of the best of the three.
#
# The `assert` lines at the end of this and other cells stop the program if what follows them is false.
# They check the sentences of this page each time it is made, and you can leave them out:

# %%
SEEDS = (0, 1, 2)
mlps = by_distance([train(mlp, seed) for seed in SEEDS])
show(mlps)
assert min(mlps[0]) > 0.9  # in the middle
assert max(mlps[2]) < 0.1  # two pixels off

# %% [markdown]
# In the middle, the MLP is right more than 9 times in 10.
# Two pixels away it is right less than 1 time in 10, which is worse than guessing.
#
# After the move, each part of the digit falls on other pixels, and the weights of those pixels have learned other parts of digits.
# The weights of the margin learned nothing at all, because the margin was always 0.
#
# ## Use the same filter everywhere
#
# A convolution has small sets of weights, called *filters*, and applies each of them at every place of the picture.
# So if the picture moves, the output moves with it.
#
# Check this with 16 filters of 3 by 3 weights.
# `padding=1` adds a border of zeros, so that the output is as large as the input.
# For comparison, count the weights of a linear layer with as many outputs:

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
# The convolution needs 160{=# weights and biases} numbers where the linear layer needs more than a million, and its output did move with the digit.
# The border is left out of the comparison, because there the filter sees the zeros of the padding.
#
# The CNN has three such layers, with 16, 32 and 64 filters.
# Between them, `MaxPool2d(2)` keeps the largest number of each 2x2 square, so the next filter sees a wider part of the picture.
# At the end, `AdaptiveMaxPool2d(1)` keeps how strongly each filter found its pattern, and forgets where:


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


# %% [markdown]
# `BatchNorm2d` brings the numbers of each channel to a common scale, which usually helps training.
# During training, `Dropout(0.3)` sets each number to zero with a probability of 0.3, so that the network doesn't rely on a single one.
#
# To see what each layer does to the shape, send 64 digits through the layers one by one:

# %%
x = placed(x_train[:64])
print("input".ljust(18), list(x.shape))
for layer in cnn():
    x = layer(x)
    print(type(layer).__name__.ljust(18), list(x.shape))
print(sum(p.numel() for p in cnn().parameters()), "parameters")

# %% [markdown]
# The picture becomes smaller while the number of channels grows, until a digit is described by 64 numbers.
#
# ## Train the CNN on digits in the middle
#
# The CNN gets the same training and the same test as the MLP:

# %%
cnns = by_distance([train(cnn, seed) for seed in SEEDS])
show(cnns)
assert min(cnns[0]) > 0.95  # in the middle
assert max(cnns[1]) < 0.75  # one pixel off
assert max(cnns[2]) < 0.85  # two pixels off
assert min(cnns[4]) > 0.85  # four pixels off

# %% [markdown]
# Four pixels off the middle, the CNN is right again more than 8 times in 10, although it never saw a digit there.
# It makes a few more mistakes than in the middle because the digit now touches the border: in a picture with a wider margin, the CNN is as good there as in the middle.
#
# In between, the CNN fails much more often.
# Each of the two poolings halves the picture, so one step of the third layer is four pixels: only a move by four pixels, or by eight, gives it the same numbers.
# A convolution with `stride=1`, the default, follows its picture pixel by pixel; pooling or a larger stride makes a network follow it in steps.
#
# ## Train both on digits that move
#
# To fill the gaps, move the digits by up to four pixels during training.
# Everything else stays the same, the six epochs too.
# First the three MLPs:

# %%
moved_mlps = by_distance([train(mlp, seed, furthest=4) for seed in SEEDS])
show(moved_mlps)

# %% [markdown]
# The MLPs have to learn each place separately, and in six epochs they don't get far.
# Now the three CNNs:

# %%
models = [train(cnn, seed, furthest=4) for seed in SEEDS]
moved_cnns = by_distance(models)
show(moved_cnns)
assert max(map(max, moved_mlps)) < 0.6 < min(map(min, moved_cnns))
assert min(map(min, moved_cnns)) > 0.88

# %% [markdown]
# The worst CNN is better than the best MLP, at every distance.
# Here are all four trainings in one figure:

# %% tags=["fold", "result"]
# figure: Accuracy by distance from the middle. Trained in the middle, the MLP falls
#   to nearly nothing within two pixels; the CNN falls to about a half and comes back at
#   four. Trained on moved digits, the CNN stays high everywhere, and the MLP stays far
#   below it.
# Draw accuracy by distance
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
plt.axhline(0.1, color="0.5", linestyle=":", label="guessing")
plt.xticks(range(5))
plt.xlabel("pixels off the middle, down and to the right")
plt.ylabel("accuracy, 450 digits")
plt.ylim(0, 1.02)
plt.gcf().legend(loc="outside lower center", ncols=2)
plt.show()

# %% [markdown]
# A line is the mean of three networks, and the band around it reaches from the worst to the best.
# The dotted line is guessing: one digit in ten.
#
# ## Look inside the CNN
#
# What has the first layer learned?
# Each of its 16 filters has 3x3 weights, so you can draw it as a tiny picture:

# %% tags=["fold"]
# figure: Sixteen squares of three by three weights in blue and red. Several are blue on
#   one side and red on the other, so they answer to edges.
# Draw the sixteen filters
model = models[0]
weights = model[0].weight.detach().cpu()[:, 0]
limit = weights.abs().max()
figure, axes = plt.subplots(2, 8, figsize=(5.4, 1.7))
for number, (ax, weight) in enumerate(zip(axes.flat, weights, strict=True)):
    share = weight.abs() / limit  # how strong the colour is
    ax.imshow(
        weight.sign(), cmap="RdBu_r", vmin=-1.3, vmax=1.3, alpha=share.numpy()
    )
    ax.set_title(str(number), size=9, weight="normal", loc="center")
    ax.axis("off")
plt.show()

# %% [markdown]
# Red weights are positive, and blue weights are negative.
# A filter that is red on one side and blue on the other finds edges.
#
# Apply each filter to a three, and you get a *feature map*: a picture of where the filter found its pattern.

# %% tags=["fold"]
# figure: A three, and under it its sixteen feature maps. Some are dark along the edges
#   on one side of the strokes, some inside them, and some on the ground around.
# Draw a three and its feature maps
model.eval()
three = placed(x_test[y_test == 3][:1])
with torch.no_grad():
    maps = model[:3](three.to(device))[0].cpu()  # convolution, norm, ReLU
figure, axes = plt.subplots(3, 8, figsize=(5.4, 2.6))
for ax in axes.flat:
    ax.axis("off")
axes[0, 0].imshow(three[0, 0], cmap="gray")
for number, (ax, one) in enumerate(zip(axes[1:].flat, maps, strict=True)):
    ax.imshow(
        one > 0, cmap="Purples", vmax=1.3, alpha=(one / one.max()).numpy()
    )
    ax.set_title(str(number), size=9, weight="normal", loc="center")
plt.show()

# %% [markdown]
# The number above a map is the number of its filter in the figure before.
#
# ## Which digits does it confuse?
#
# Accuracy says how many answers are wrong, but not which.
# So count for each digit how often the network gives which answer.
# Such a table is called a *confusion matrix*:


# %%
def confusion(model, x):
    """How often each digit, by row, got each answer, by column: (10, 10)."""
    with torch.no_grad():
        answers = model.eval()(x.to(device)).argmax(dim=1).cpu()
    pairs = 10 * y_test + answers  # one number for each digit and answer
    return torch.bincount(pairs, minlength=100).reshape(10, 10)


# %% [markdown]
# Move each test digit to a random place, and let each of the three networks read all 450{=lab/train/digits.py: test_size=#} of them.
# The output has the number of wrong answers of each network, and its most frequent mistake:

# %%
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
# The most frequent mistake differs from network to network, so don't read much into the table of a single one.
# This is the table of the network with the most mistakes, without the right answers:

# %% tags=["fold"]
# figure: A ten by ten table of how often a digit, by row, got a wrong answer, by
#   column. Most fields are empty; the fullest is dark.
# Draw the confusion matrix
wrong = max(mistakes, key=torch.sum)
figure, ax = plt.subplots(figsize=(5.4, 4.2))
share = wrong / (1.5 * wrong.max())  # how strong the colour is
ax.imshow(wrong > 0, cmap="Oranges", vmax=1.5, alpha=share.numpy())
for row, column in wrong.nonzero().tolist():
    count = wrong[row, column].item()
    ax.text(column, row, count, ha="center", va="center")
ax.set_xticks(range(10))
ax.set_yticks(range(10))
ax.set_xlabel("answer")
ax.set_ylabel("digit")
plt.show()

# %% [markdown]
# ## What happens without eval()?
#
# This network has dropout and batch norm, so it [needs `eval()`](../training/train-and-eval.md#the-answers-change-from-call-to-call) before it predicts.
# If you forget it and ask for one digit at a time, PyTorch raises no error:

# %%
torch.manual_seed(0)
careless = copy.deepcopy(model).train()  # as after training
before = careless[1].running_var.clone()
x, y = scattered(x_test[:150], 4), y_test[:150]
rates = {}
with torch.no_grad():
    for name, network in {"eval()": model.eval(), "train()": careless}.items():
        answers = [
            network(one.to(device)).argmax().item() for one in x.split(1)
        ]
        rates[name] = (torch.tensor(answers) == y).float().mean().item()
        print(f"{name}: {rates[name]:.2f} are right")
print("batch norm changed:", not torch.equal(before, careless[1].running_var))
assert rates["eval()"] > 0.9 and rates["train()"] < 0.8

# %% [markdown]
# In `train()`, batch norm scales each digit by that digit's own numbers instead of the averages that it collected, and dropout removes a part of what the filters found.
# Even worse, each prediction also changed the stored averages, so the network itself is different now.
#
# ## Pitfalls
#
# ### `expected input[1, 16, 16, 1] to have 1 channels, but got 16 channels instead`
#
# Pictures from files often have their channels last: rows, columns, channels.
# PyTorch expects the channels right after the samples, so the layer takes the rows for channels.
# Move the channels to the second place with `permute`:

# %%
photo = torch.rand(1, 16, 16, 1)  # rows, columns, then the channel
try:
    model(photo)
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")

print(model(photo.permute(0, 3, 1, 2).to(device)).shape)

# %% [markdown]
# ### No error: `reshape` in place of `permute`
#
# `reshape` also gives the shape that you want, so there is no error, but it mixes the pixels up.
# Try both on a photo:

# %%
from sklearn.datasets import load_sample_image

flower = torch.tensor(load_sample_image("flower.jpg")[::4, ::4])
moved = flower.permute(2, 0, 1)
cut = flower.reshape(moved.shape)
print(list(flower.shape), list(moved.shape), list(cut.shape))
assert moved.shape == cut.shape and not torch.equal(moved, cut)

# %% [markdown]
# `permute` and `reshape` give the same shape, so look at the pictures:

# %% tags=["fold"]
# figure: A flower. Beside it, after permute, its red channel: the same flower in grey.
#   After reshape, a pattern of dots in which only the flower's upper edge is left.
# Draw the flower
figure, axes = plt.subplots(1, 3, figsize=(5.4, 1.8))
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
# ### `mat1 and mat2 shapes cannot be multiplied`
#
# Here `Flatten` is missing, so the linear layer takes the last dimension, the columns, for the features.
# `features` has the shape that the pooling gives:

# %%
features = torch.rand(2, 64, 1, 1)  # as AdaptiveMaxPool2d gives them
head = nn.Linear(64, 10)
try:
    head(features)
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")

print(head(features.flatten(start_dim=1)).shape)

# %% [markdown]
# `flatten` makes rows of 64 features, which is what the layer expects.
#
# ### `Expected more than 1 value per channel when training`
#
# In training, batch norm needs more than one number for each channel.
# After a linear layer, `BatchNorm1d` gets only one if the batch has a single sample, as the last batch of an epoch can have:

# %%
norm = nn.BatchNorm1d(64)
try:
    norm(torch.rand(1, 64))
except ValueError as error:
    print(f"{type(error).__name__}: {error}")

print(norm.eval()(torch.rand(1, 64)).shape)

# %% [markdown]
# In evaluation, batch norm uses the averages that it collected, so one sample is enough.
# In training, take batches of two or more, and let the [data loader](../training/data.md) leave out an incomplete last one with `drop_last=True`.
#
# ## Try it
#
# In `cnn`, remove `nn.AdaptiveMaxPool2d(1)`, and make the last layer `nn.Linear(64 * 4 * 4, 10)`.
# Trained in the middle, the network is as good there as before, but four pixels off it fails like the MLP, because the last layer has learned places again.
#
# ## Practise
#
# Write the missing lines and run the program: it tells you what is wrong.
# [All exercises](../start/exercises.md) are on one list.
#
# ### Know what fits behind the convolutions
#
# A network of convolutions often ends in a linear layer that needs the number of features.
# Say how many `body` gives for pictures of 14 rows and columns.
#
# --8<-- "walkthroughs/features_of_a_cnn.md"
#
# ??? example "First hint"
#
#     A kernel of 3 without padding takes away two rows and columns, and `MaxPool2d(2)` halves them and rounds down.
#
# ??? example "Second hint"
#
#     Features are channels times rows times columns.
#
# ??? example "Solution"
#
#     --8<-- "walkthroughs/features_of_a_cnn_solution.md"
#
# Next, [fine-tune a pretrained network](pretrained-classification.ipynb), for the case that you have only a few labels.
