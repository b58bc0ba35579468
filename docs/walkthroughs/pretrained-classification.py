# ---
# description: "Transfer learning in PyTorch on few labels: train from scratch, with frozen features and with fine-tuning, for the same number of steps, with error bars."
# search:
#   top: [transfer learning, fine-tuning, include_top, pretrained model, ResNet,
#     torchvision.models, small dataset, keras.applications, resnet transfer learning,
#     include_top=False, few-shot, not enough images, own classes, feature extractor]
#   load-the-weights: [weights=None, pretrained=True, all keys matched, checksum]
#   compare-three-ways-to-start: [fine-tune or feature extraction, from scratch vs
#     pretrained, linear probe, precompute, images per class]
#   when-pretrained-weights-dont-help: [pretrained not better, negative transfer, domain
#     gap]
#   feed-it-what-it-was-trained-on: [normalization of pretrained model, ImageNet mean and
#     std, preprocessing, preprocess_input, imagenet mean std, transforms.Normalize, BGR,
#     garbage predictions, rescaling, low accuracy with pretrained model, pretrained
#     predictions wrong, can't reproduce the published accuracy, top 5 classes do not
#     match, labels my dog as a toaster, imagenet model wrong class, pretrained model
#     predicts wrong, wrong normalization, preprocessing mismatch, resnet nonsense,
#     predicts random imagenet classes, garbage classes from a pretrained network]
#   size-mismatch-for-headweight: [change the number of classes, replace the last layer,
#     new head, num_classes, 1000 classes, fc.weight]
#   no-error-strictfalse-loads-nothing: [strict=False, IncompatibleKeys, weights silently
#     not loaded, no key matched, nothing loaded, pretrained no better than scratch, does
#     not complain about keys, pretrained weights have no effect]
#   do-the-same-with-torchvision: [keras.applications, ResNet50, VGG16, MobileNetV2,
#     EfficientNetB0, classify my own photo, timm, torch.hub, decode_predictions,
#     DenseNet, predict a jpg, InceptionV3, Xception, DenseNet121]
#   no-error-a-frozen-network-forgets: [running stats drift, layer.trainable, worse on the
#     old data]
# ---

# %% [markdown]
# # Fine-tune a pretrained network on a few labels
#
# You teach a network four new classes with only a few labels each, because the network starts from weights that were trained on other classes.

# %% [markdown]
# The figure compares three ways to start, each with the same number of training steps.
# From random weights ("scratch"), the network learns little from so few pictures.
# From pretrained weights, it reads on average more than half of the new pictures with two labels of each class, and about eight in ten with 50.
#
# You need to know [a first CNN](first-cnn.ipynb) and [state dicts](../training/save-and-load.md).
#
# ## See what the network has to read
#
# This folded cell imports what you need, chooses a GPU if there is one, and loads scikit-learn's handwritten digits:

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
# Those digits are clean and centred, which is too easy to show a difference.
# So a folded function, which you need not read, gives each digit a random colour, size and place on a cluttered picture, one with a messy background, of 32 by 32 pixels{=lab/train/backbone.py: in clutter: (N, 3, #, 32)}:

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
# The project behind this site trained a network on such pictures of the digits 0 to 5.
# That network never saw a 6, 7, 8 or 9, so these four digits are your new classes.
#
# ## Load the weights
#
# Weights fit only into the network that they were trained in, so you need the code of that network.
# Its `features` are four blocks of convolution, batch norm, ReLU and pooling, which turn a picture into 128{=lab/train/backbone.py: nn.Linear(#, classes)} numbers.
# Its `head` is one linear layer, which turns these numbers into one score for each class:

# %% tags=["fold"]
# The network: four blocks and a head
# --8<-- "lab/train/backbone.py:model"

# %% [markdown]
# This site publishes a file with the trained weights.
# The next folded function reads that file if it lies beside the notebook, and downloads it if not:

# %% tags=["fold"]
# Helper function: load_weights
# --8<-- "lab/train/weights.py:load"
# --8<-- "lab/train/weights.py:backbone"

# %% [markdown]
# `load_state_dict` copies the weights into the network, and reports whether all names agree:

# %%
state = load_weights("backbone", BACKBONE)
backbone = Backbone(classes=6)
print(sum(p.numel() for p in backbone.parameters()), "parameters")
print(backbone.load_state_dict(state))
print(sorted({str(tensor.dtype) for tensor in state.values()}))

# %% [markdown]
# The file stores the weights as `float16`, which makes it half as large, and `load_state_dict` converts them to the `float32` of the network.
# The other type, `int64`, belongs to counters that batch norm keeps.
#
# `load_weights` also compares a fingerprint of the file, its `sha256`, so you know that you have the file this page was made with.
# It passes `weights_only=True` to `torch.load`, which refuses a file that would run other code.
# [Their card](../assets/weights/backbone.json), a file about the weights, says how they were trained, and how good three such trainings were.
#
# ## Feed it what it was trained on
#
# Pretrained weights expect numbers like those they saw in training.
# So weights often come with a *normalisation*, and you must apply the same one.
# Here it subtracts 0.5 and divides by 0.25, two values that were fixed before the training: they bring the numbers from between 0 and 1 to between -2 and 2.
# The second function measures accuracy, and you will use it on every network of this page:


# %%
# --8<-- "lab/train/backbone.py:normalise"
def accuracy(model, x, y):
    """The share of right answers, as a number from 0 to 1."""
    model.eval()
    with torch.no_grad():
        answers = model(x.to(device)).argmax(dim=1).cpu()
    return (answers == y).float().mean().item()


# %% [markdown]
# What happens if you forget the normalisation?
# Take test digits 0 to 5, and feed them as in training, and then in four other ways.
#
# At the end of this cell you meet `assert`: it stops the program if what follows it is false.
# You don't need these lines in your own copy.
# They check the sentences below each time the page is made:

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
# A wrong input raises no error, but it costs accuracy.
# With pixels from 0 to 255{=bytes, 0 to #}, only about one answer in four is right; guessing among six classes would give one in six.
#
# How much a mistake costs depends on what varied in training.
# Here the digits had every colour, so the order of the colour channels hardly matters.
# A network that was trained on photos, where skies are blue, may well need the right order.
#
# ## Compare three ways to start
#
# Somebody has to write each label by hand, so take only a few of each new class, and compare:
#
# - **from scratch**: the same network starts with random weights, and all weights learn;
# - **frozen**: the trained features stay as they are, and only a new head learns;
# - **fine-tuned**: first the new head learns, as in frozen, and then all weights do.
#
# To be fair, each of them takes 100{=tests/claims/walkthroughs/test_pretrained_classification.py: ("fit_all", #)} steps:
#
# | | steps of the head only | steps of all weights |
# |---|---|---|
# | from scratch | | 100{=tests/claims/walkthroughs/test_pretrained_classification.py: ("fit_all", #)} |
# | frozen | 100{=tests/claims/walkthroughs/test_pretrained_classification.py: ("fit_all", #)} | |
# | fine-tuned | 60 | 40 |
#
# A step of all weights is more work than a step of the head, so with the same number of steps, "from scratch" gets the most work.
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
# `few` takes `n` digits of each class, as if you had labelled only those, and `draw` makes pictures of them.
# For now `draw` is the function `cluttered` from above:


# %%
def few(n, seed, draw):
    """n pictures of each new class, and their labels."""
    random = torch.Generator().manual_seed(seed)
    mixed = torch.randperm(len(pool), generator=random)
    rows = torch.cat([mixed[pool_y[mixed] == kind][:n] for kind in range(4)])
    return normalised(draw(pool[rows], random)), pool_y[rows]


# %% [markdown]
# The pretrained network gets the trained features, and its head stays random, because the new task has other classes.
# Since the head is missing on purpose, `strict=False` tells `load_state_dict` to accept missing names, and the `assert` makes sure that nothing else is missing:


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
# That makes a step very fast, and each step can use all labelled pictures.
# AdamW is a variant of Adam, which adapts the size of its steps, and a learning rate of 0.01 works well for this single layer:


# %%
def fit_head(model, x, y, steps):
    """Train the last layer; the features stay, so they are computed once."""
    model.eval()  # batch norm keeps what it collected
    with torch.no_grad():
        features = model.features(x.to(device))
    optimizer = torch.optim.AdamW(model.head.parameters(), lr=0.01)
    for _ in range(steps):
        loss = F.cross_entropy(model.head(features), y.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


# %% [markdown]
# **From scratch** and **fine-tuned**: all weights learn, so every step computes the whole network.
# To keep this fast, a step takes only 16 pictures, chosen at random.
# `channels_last` changes only the order of the numbers in memory, which can make convolutions faster:


# %%
def fit_all(model, x, y, lr, steps):
    """Train all weights; each step takes up to 16 pictures."""
    model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    for _ in range(steps):
        batch = torch.randperm(len(x))[:16]
        loss = F.cross_entropy(model(x[batch].to(device)), y[batch].to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


# %% [markdown]
# One comparison trains all three on the same labels, and tests them on the same pictures.
# The learning rate is 0.003 from scratch, because random weights have a long way to go.
# Fine-tuning uses only 0.0005, so that its steps don't destroy what was learned before:


# %%
def compare(n, seed, draw=cluttered):
    """Accuracy on pictures of held-out digits, by the way of starting."""
    x, y = few(n, seed, draw)
    test_x = normalised(draw(digits, torch.Generator().manual_seed(1)))
    torch.manual_seed(seed)
    scratch = Backbone(classes=4).to(device).train()
    fit_all(scratch, x, y, lr=3e-3, steps=100)
    frozen = pretrained()
    fit_head(frozen, x, y, steps=60)
    tuned = copy.deepcopy(frozen)  # its batch norm stays in eval(), too
    fit_all(tuned, x, y, lr=5e-4, steps=40)
    fit_head(frozen, x, y, steps=40)  # 60 + 40 = 100
    models = {"scratch": scratch, "frozen": frozen, "fine-tuned": tuned}
    return {
        name: accuracy(one, test_x, test_y) for name, one in models.items()
    }


# %% [markdown]
# A seed decides which pictures are labelled, and which random weights you start from.
# One seed can be lucky, so repeat each comparison with three seeds.
# `show` prints the worst and the best of the three:


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
few_labels = {n: [compare(n, seed) for seed in SEEDS] for n in (2, 10)}
show(few_labels)

# %% [markdown]
# Now take 50 labels of each class, which takes longer:

# %%
results = few_labels | {50: [compare(50, seed) for seed in SEEDS]}
show(results)
for runs in results.values():  # the worst frozen beats the best scratch
    best = max(run["scratch"] for run in runs)
    assert min(run["frozen"] for run in runs) > best + 0.15
assert max(run["scratch"] for run in results[10]) < 0.45
assert min(run["frozen"] for run in results[10]) > 0.6
assert mean(results, 2, "fine-tuned") < mean(results, 2, "frozen") + 0.03
assert mean(results, 50, "fine-tuned") > mean(results, 50, "frozen") + 0.01

# %% [markdown]
# Guessing among four classes is right in 0.25 of all cases.
# With 2 or 10 labels of each class, the network from scratch stays near that, and with 50 it is still far behind.
# The other two are much better, and improve with more labels:

# %% tags=["fold", "result"]
# figure: Accuracy by labels per class, with the range over three seeds as bars.
#   Frozen and fine-tuned rise from about 0.6 to about 0.8; from scratch stays near
#   guessing with few labels, and far below the other two with 50.
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
# A dot is the mean of three seeds, and its bar reaches from the worst to the best.
#
# Frozen features give you most of what there is to gain.
# Fine-tuning needs labels: with two labels of each class it gains nothing, and with 50 it is the best of the three.
#
# Does the network from scratch only need more time, or another learning rate?
# A test of this site trains it for 400{=tests/claims/walkthroughs/test_pretrained_classification.py: [(3e-3, #, 0.6)} steps with 50 labels of each class, and it still reads less than 6 in 10.
# With a third of the learning rate, or three times as much, it reads less than half.
# So neither closes the gap.
#
# ## When pretrained weights don't help
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
# You load the file into a network with four classes, but the file has a head for six:

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
# `strict=False` also accepts a file in which all names are wrong, for instance because each begins with `module.`, as after [training with DDP](../distributed/index.md).
# Look at what `load_state_dict` returns:

# %%
wrong = {f"module.{key}": tensor for key, tensor in state.items()}
told = Backbone(classes=6).load_state_dict(wrong, strict=False)
print(
    len(told.missing_keys), "missing,", len(told.unexpected_keys), "unexpected"
)
assert len(told.unexpected_keys) == len(state)

# %% [markdown]
# No name fits, so the network keeps its random weights, and none of the tensors in the file is used.
# The numbers differ by four, because `load_state_dict` doesn't report four counters as missing: the `num_batches_tracked` of the four batch norm layers.
# Old files have no such counters, and no version numbers either: where these are missing, as in this dictionary, PyTorch lets the counters be absent.
#
# ### No error: a frozen network forgets
#
# `requires_grad_(False)` is not enough to freeze a network that has batch norm.
# In `train()`, batch norm continues to collect averages, and needs no gradient for that:

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
# The steps are those from above: load the weights, replace the head, and use the normalisation that belongs to the weights.
# The weights come from PyTorch's servers, so this page only defines two functions, and you call them:


# %%
def torchvision_classifier(classes):
    """ResNet-18 with a new head, and what prepares a picture for it."""
    from torchvision.models import ResNet18_Weights, resnet18

    weights = ResNet18_Weights.DEFAULT
    model = resnet18(weights=weights)  # fetched once, then kept
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, classes)
    return model.eval(), weights.transforms()


def classify(model, prepare, file):
    """The class of one photo: 0 for the first, 1 for the second, and so on."""
    from PIL import Image

    photo = prepare(Image.open(file).convert("RGB"))  # (3, 224, 224)
    with torch.no_grad():
        return model(photo[None]).argmax(dim=1).item()


# %% [markdown]
# Begin with `model, prepare = torchvision_classifier(classes=4)`.
# Prepare your labelled photos in the same way, and train `model.fc`, the new head, as `fit_head` does.
# Then `classify(model, prepare, "photo.jpg")` gives the class of another photo.
#
# `weights.transforms()` resizes a picture, cuts out its middle and normalises each channel.
# In training, the cut was random; the normalisation was the same.
# If you leave it out, you feed the network what it was not trained on.
# This network has batch norm too, so call `model.eval()` again after `model.train()`.
#
# ## Try it
#
# Let `normalised` return its pictures unchanged, remove the `assert` lines, and compare again.
# With 10 labels, the frozen network then reads only about half of all pictures instead of about 7 in 10, because the features get numbers that they don't know.
#
# ## Practise
#
# Write the missing lines and run the program: it tells you what is wrong.
# [All exercises](../start/exercises.md) are on one list.
#
# ### Give a frozen network a new head
#
# This lesson keeps the trained layers and replaces the last one.
# Do this for three classes, so that only the new layer trains.
#
# --8<-- "walkthroughs/new_head_that_trains.md"
#
# ??? example "First hint"
#
#     A new layer is trainable, whatever you did before with the old ones.
#
# ??? example "Second hint"
#
#     Freeze the whole model first, then put `nn.Linear(8, 3)` in place of the last layer.
#
# ??? example "Solution"
#
#     --8<-- "walkthroughs/new_head_that_trains_solution.md"
#
# Next, [find where in a picture the digits are](pretrained-detection.ipynb).
