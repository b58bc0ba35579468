# ---
# description: "Train a first neural network on handwritten digits: the loop by hand, the same loop with nn.Module, its curves, its weights and one of its mistakes."
# ---

# %% [markdown]
# # How do I train my first network?
#
# At the end, a network of your own reads handwritten digits that it has never seen.
# You write each step of its training yourself, and then let PyTorch write it.
#
# You need [tensors](../tensors/index.md) and [autograd](../autograd/index.md).
#
# ## The data
#
# scikit-learn brings 1797 digits, each 8 by 8 pixels, so nothing is downloaded.
# One in four is put aside for the test:

# %%
import io

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")

digits = load_digits()
x = torch.tensor(digits.data, dtype=torch.float32)  # (1797, 64)
x = x / 16  # from 0 to 1
y = torch.tensor(digits.target)  # (1797,), from 0 to 9

order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
x_train, y_train = x[order[:1347]].to(device), y[order[:1347]].to(device)
x_test, y_test = x[order[1347:]].to(device), y[order[1347:]].to(device)

print("train:", tuple(x_train.shape), x_train.dtype)
print("test: ", tuple(x_test.shape), y_test.dtype)

# %% tags=["fold"]
# figure: Ten small grey pictures in a row, each a handwritten digit of 8 by 8 pixels
#   with the number it stands for above it.
fig, axes = plt.subplots(1, 10, figsize=(6, 1))
for ax, image, label in zip(axes, x_train.cpu(), y_train.cpu(), strict=False):
    ax.imshow(image.reshape(8, 8), cmap="gray_r")
    ax.set_title(label.item(), loc="center")
    ax.axis("off")
plt.show()

# %% [markdown]
# ## A network is a function with weights
#
# Two matrix products do: 64 pixels to 32 hidden numbers, and those to 10 scores.
# Between them stands `relu`, which turns what is negative into zero.
# The highest score is the answer.
# `cross_entropy` turns the scores into chances, and tells in one number, the *loss*, how far off they are: the higher the chance of the right digit, the smaller it is.
#
# The first weights are random; the seed decides which random numbers come:

# %%
torch.manual_seed(0)


def weights(inputs, outputs):
    """Numbers around zero, smaller where more of them are added up."""
    values = torch.empty(inputs, outputs).uniform_(-1, 1) / inputs**0.5
    return values.to(device).requires_grad_()


w1, w2 = weights(64, 32), weights(32, 10)
b1 = torch.zeros(32, device=device, requires_grad=True)
b2 = torch.zeros(10, device=device, requires_grad=True)
start = [p.detach().clone() for p in (w1, b1, w2, b2)]


def network(x):
    hidden = (x @ w1 + b1).relu()  # (N, 32)
    return hidden @ w2 + b2  # (N, 10)


def accuracy(model):
    with torch.no_grad():
        return (model(x_test).argmax(1) == y_test).float().mean().item()


loss = nn.functional.cross_entropy(network(x_test), y_test)
print(f"loss {loss.item():.2f}, right {accuracy(network):.0%}")

# %% [markdown]
# Untrained, it guesses.
# Whoever gives each of ten digits the same chance has a loss of ln 10, about 2.3.
#
# ## The loop by hand
#
# Take fifty digits, a *batch*, compute their loss, and ask autograd for the gradients.
# Then take from each weight 0.2 times its gradient: that factor is the *learning rate*.
# One pass through all digits is an *epoch*, and thirty are enough:

# %%
torch.manual_seed(1)
history = []
for _epoch in range(30):
    total = 0.0
    for batch in torch.randperm(len(x_train)).to(device).split(50):
        loss = nn.functional.cross_entropy(
            network(x_train[batch]), y_train[batch]
        )
        loss.backward()
        with torch.no_grad():
            for p in (w1, b1, w2, b2):
                p -= 0.2 * p.grad
                p.grad = None
        total += loss.item() * len(batch)
    history.append((total / len(x_train), accuracy(network)))

for epoch in (1, 2, 5, 10, 30):
    loss, right = history[epoch - 1]
    print(f"epoch {epoch:2}: loss {loss:.3f}, right {right:.1%}")

# %% tags=["fold"]
# figure: Two curves over thirty epochs. The loss falls steeply in the first five and
#   goes on falling slowly; the share of right answers rises and stays above nine in
#   ten.
fig, (left, right) = plt.subplots(1, 2, figsize=(6, 2.8), layout="tight")
epochs = range(1, 31)
left.plot(epochs, [loss for loss, _ in history], color="C0")
left.set(title="Loss, training", xlabel="epoch", ylim=(0, None))
right.plot(epochs, [share for _, share in history], color="C1")
right.set(title="Right, test", xlabel="epoch", ylim=(0, 1))
plt.show()

# %% [markdown]
# `p.grad = None` matters: `backward()` [adds to what is there](../autograd/why-zero-grad.md).
#
# ## The same with `nn.Module`
#
# A module keeps the weights, and an optimizer moves them.
# Give both the start and the batches from above, and they must end at the same weights:


# %%
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)
        )

    def forward(self, x):
        return self.layers(x)


def train(model, loss_function=nn.functional.cross_entropy):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    for _epoch in range(30):
        for batch in torch.randperm(len(x_train)).to(device).split(50):
            loss = loss_function(model(x_train[batch]), y_train[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


model = Network().to(device)
with torch.no_grad():
    for p, value in zip(model.parameters(), start, strict=True):
        # A Linear keeps its weights as (outputs, inputs).
        p.copy_(value.T if value.ndim == 2 else value)

torch.manual_seed(1)
train(model)
apart = (model(x_test) - network(x_test)).abs().max().item()
print(f"right {accuracy(model):.1%}")
print("the same scores:", apart < 1e-3)
assert apart < 1e-3

# %% [markdown]
# One run may be lucky, so start from three other weights, with three seeds:

# %%
trained = []
for seed in range(3):
    torch.manual_seed(seed)
    trained.append(train(Network().to(device)))

rates = [accuracy(one) for one in trained]
floor = 0.94
print("right:", ", ".join(f"{rate:.1%}" for rate in rates))
print(f"each above {floor:.0%}:", min(rates) > floor)
assert min(rates) > floor

# %% [markdown]
# Each of them reads more than 94% of the 450 digits that it never saw.
#
# ## What it learned
#
# Each hidden number has 64 weights, one for each pixel, so they make a picture:

# %% tags=["fold"]
# figure: Thirty-two small squares of 8 by 8 pixels, one a hidden number. Red pixels
#   raise it and blue ones lower it; many squares show strokes and curves, side by
#   side with their opposite.
fig, axes = plt.subplots(4, 8, figsize=(6, 3.2))
w = model.layers[0].weight.detach().cpu()  # (32, 64)
for ax, row in zip(axes.flat, w, strict=True):
    ax.imshow(
        row.reshape(8, 8),
        cmap="RdBu_r",
        vmin=-w.abs().max(),
        vmax=w.abs().max(),
    )
    ax.axis("off")
plt.show()

# %% [markdown]
# Ink on red pixels raises the hidden number, ink on blue ones lowers it; where a square is pale, its weights are small.
# Nobody told the network to look for strokes.
#
# ## A mistake
#
# Of the digits that it reads wrongly, this is the one where it is most certain:

# %%
with torch.no_grad():
    chances = model(x_test).softmax(1).cpu()  # (450, 10)
sure, answer = chances.max(1)
wrong = (answer != y_test.cpu()).nonzero().flatten()
worst = wrong[sure[wrong].argmax()]
print(len(wrong), "of", len(x_test), "are wrong")
print(
    f"a {y_test[worst]}, read as {answer[worst]} with a chance of {sure[worst]:.0%}"
)

# %% tags=["fold"]
# figure: On the left the digit that is read wrongly, 8 by 8 grey pixels. On the right
#   a bar for each of the ten digits; the highest bar is not the true one, which is
#   marked by another colour.
fig, (left, right) = plt.subplots(1, 2, figsize=(6, 2.4), layout="tight")
left.imshow(x_test[worst].cpu().reshape(8, 8), cmap="gray_r")
left.set_title(f"a {y_test[worst]}", loc="center")
left.axis("off")
true = y_test[worst].item()
colours = ["C1" if digit == true else "C0" for digit in range(10)]
right.bar(range(10), chances[worst], color=colours)
right.set(title="Chance of each digit", xticks=range(10), ylim=(0, 1))
plt.show()

# %% [markdown]
# A high chance is no proof: the network knows nothing but these small pictures.
# Look at the digit, and judge whether you would have read it.
#
# ## Keep it
#
# What you keep is the `state_dict`, weights by name, and [nothing else](../training/save-and-load.md):

# %%
file = io.BytesIO()  # or a path such as "network.pt"
torch.save(model.state_dict(), file)
file.seek(0)

again = Network().to(device)
again.load_state_dict(torch.load(file, weights_only=True, map_location=device))
print("equal:", torch.equal(again(x_test), model(x_test)))
assert torch.equal(again(x_test), model(x_test))

# %% [markdown]
# ## Pitfalls
#
# ### `expected target dtype to be Long or Byte, but got Float`
#
# The classes came as floats, from a file for instance; `.long()` fixes it:

# %%
try:
    nn.functional.cross_entropy(model(x_test), y_test.float())
except RuntimeError as error:
    print(f"RuntimeError: {error}")

print(
    f"{nn.functional.cross_entropy(model(x_test), y_test.float().long()):.2f}"
)

# %% [markdown]
# ### No error: `softmax` before `cross_entropy`
#
# `cross_entropy` takes scores and applies `softmax` itself.
# Applied twice, it can no longer tell a certain answer from a vague one, and learning crawls:


# %%
def softmax_twice(scores, y):
    return nn.functional.cross_entropy(scores.softmax(1), y)


slow = []
for seed in range(3):
    torch.manual_seed(seed)
    slow.append(accuracy(train(Network().to(device), softmax_twice)))

best = softmax_twice(100 * nn.functional.one_hot(y_test, 10).float(), y_test)
print("right:", ", ".join(f"{rate:.1%}" for rate in slow))
print(f"loss of certain and right answers: {best:.2f}, not 0")
assert all(a < b for a, b in zip(slow, rates, strict=True))

# %% [markdown]
# ### `optimizer got an empty parameter list`
#
# A plain list hides its layers from the module; `nn.ModuleList` or `nn.Sequential` shows them:


# %%
class Listed(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.layers = kind([nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)])


try:
    torch.optim.SGD(Listed(list).parameters(), lr=0.2)
except ValueError as error:
    print(f"ValueError: {error}")

print(sum(p.numel() for p in Listed(nn.ModuleList).parameters()), "weights")

# %% [markdown]
# ## Try it
#
# Take out `nn.ReLU()`: two matrix products in a row are one, so only straight lines are left.
# What do you expect of the accuracy?
# It hardly moves: these digits are so clean that lines tell them apart.


# %% tags=["fold"]
class Straight(Network):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(64, 32), nn.Linear(32, 10))


straight = []
for seed in range(3):
    torch.manual_seed(seed)
    straight.append(accuracy(train(Straight().to(device))))
print("right without relu:", ", ".join(f"{rate:.1%}" for rate in straight))
assert min(straight) > floor

# %% [markdown]
# ## Next
#
# Next, [a network that looks at neighbours](first-cnn.ipynb), and finds a digit wherever it stands.
