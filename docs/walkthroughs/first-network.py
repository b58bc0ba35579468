# ---
# description: "Train a first neural network on handwritten digits: the loop by hand, the same loop with nn.Module, its curves, its weights and one of its mistakes."
# search:
#   top: [hello world, first model, beginner tutorial, MNIST, multilayer perceptron,
#     MLP, digit recognition, make a neural network, feedforward, ANN, simple neural
#     network, dense network]
#   write-the-training-loop-by-hand: [training loop from scratch, without an optimizer,
#     mini-batches]
#   look-at-what-it-learned: [visualize weights, interpret, coef_]
#   build-a-network-from-weights: [network without nn.Module, forward pass, how many
#     neurons, hidden layer size, activation function]
#   look-at-a-mistake: [predict_proba, predict_classes, misclassified, worst prediction]
#   load-the-data: [mnist.load_data, train_test_split, toy dataset, holdout,
#     keras.datasets, load_data, fashion_mnist]
#   write-the-same-with-nnmodule: [class Net]
#   expected-target-dtype-to-be-long-or-byte-but-got-float: [class labels from csv,
#     scalar type]
#   no-error-softmax-before-cross_entropy: [double softmax, last layer activation, stuck
#     at 1.46]
#   optimizer-got-an-empty-parameter-list: [no parameters found, model.parameters]
# ---

# %% [markdown]
# # Train your first neural network
#
# You train a network that reads handwritten digits, first with a loop that you write by hand, and then with PyTorch's building blocks.

# %% [markdown]
# The number above each digit is the answer of the network that you train below: green where it is right; a wrong one would be orange.
# The network saw none of these digits in training.
# { .caption }
#
# You need to know [tensors](../tensors/first-hour.md) and [autograd](../autograd/index.md).
#
# ## Load the data
#
# scikit-learn includes 1797{=tests/claims/walkthroughs/test_first_network.py: list(range(#))} handwritten digits, so you download nothing else.
# This folded cell imports what you need, and chooses a GPU if PyTorch finds one:

# %% tags=["fold"]
# Set-up: imports and the device
import io

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")

# %% [markdown]
# Each picture has eight by eight pixels, which arrive as 64 numbers in a row.
# The file counts ink from 0 to 16, so divide by 16: a network trains more easily when its inputs are small and similar in size.
#
# A network must be judged on pictures that it did not train on.
# So shuffle the digits, train on the first 1347{=tests/claims/walkthroughs/test_first_network.py: len(lesson["x_train"]) == #}, and keep the other 450{=tests/claims/walkthroughs/test_first_network.py: len(lesson["x_test"]) == #}, a quarter, for the test.
# `manual_seed(0)` makes the shuffling repeatable: with the same seed, each run gets the same split.

# %%
digits = load_digits()
x = torch.tensor(digits.data, dtype=torch.float32)  # (1797, 64)
x = x / 16  # from 0 to 1
y = torch.tensor(digits.target)  # (1797,), from 0 to 9

order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
x_train, y_train = x[order[:1347]].to(device), y[order[:1347]].to(device)
x_test, y_test = x[order[1347:]].to(device), y[order[1347:]].to(device)

print("train:", tuple(x_train.shape), x_train.dtype)
print("test: ", tuple(x_test.shape), y_test.dtype)

# %% [markdown]
# The pictures are floating-point numbers (`float32`), and their labels are whole numbers (`int64`).
# Here are ten of the pictures, each with its label:

# %% tags=["fold"]
# figure: Ten small pictures in a row, each a handwritten digit of 8 by 8 pixels
#   with the number it stands for above it.
# Draw ten digits
fig, axes = plt.subplots(1, 10, figsize=(5.4, 1))
for ax, image, label in zip(axes, x_train.cpu(), y_train.cpu(), strict=False):
    ink = image.reshape(8, 8).numpy()  # how strong the colour is
    ax.imshow(ink >= 0, cmap="Blues", vmin=0, vmax=1.5, alpha=ink)
    ax.set_title(label.item(), loc="center")
    ax.axis("off")
plt.show()

# %% [markdown]
# ## Build a network from weights
#
# A network is a function with *weights*, numbers that training changes.
# This one multiplies the pixels by a matrix of weights and gets 32 numbers, called *hidden* because they are neither input nor answer.
# A second matrix turns the 32 hidden numbers into 10 scores, one for each digit.
# The 64 and the 10 follow from the task; the 32 is a choice, large enough for these digits and quick to train.
#
# The first weights are random numbers, and the seed decides which ones.
# Each hidden number is a sum of 64 products.
# Dividing the random numbers by the square root of 64 keeps such a sum from growing large:

# %%
torch.manual_seed(0)


def weights(inputs, outputs):
    """Numbers from -1 to 1, divided by the square root of `inputs`."""
    values = torch.empty(inputs, outputs).uniform_(-1, 1) / inputs**0.5
    return values.to(device).requires_grad_()


w1, w2 = weights(64, 32), weights(32, 10)
b1 = torch.zeros(32, device=device, requires_grad=True)
b2 = torch.zeros(10, device=device, requires_grad=True)
start = [p.detach().clone() for p in (w1, b1, w2, b2)]

# %% [markdown]
# `b1` and `b2` are *biases*, numbers that are added after each product; they begin at zero.
# `requires_grad` tells PyTorch to compute gradients for all of these weights later.
# `start` keeps a copy of them, which you need [further down](#write-the-same-with-nnmodule).
#
# Between the two products, `relu` replaces negative numbers by zero.
# The answer is the digit with the highest score, and the *accuracy* is the share of right answers:


# %%
def network(x):
    hidden = (x @ w1 + b1).relu()  # (N, 32)
    return hidden @ w2 + b2  # (N, 10)


def accuracy(model):
    with torch.no_grad():
        return (model(x_test).argmax(1) == y_test).float().mean().item()


loss = nn.functional.cross_entropy(network(x_test), y_test)
print(f"loss {loss.item():.2f}, right {accuracy(network):.0%}")

# %% [markdown]
# Before training, the network guesses: about one answer in ten is right, with another seed perhaps twice as many or only a few.
#
# `cross_entropy` turns the scores into probabilities, and says in one number, the *loss*, how wrong they are.
# The higher the probability of the right digit, the smaller the loss.
# A network that gives each of the ten digits the same probability has a loss of `math.log(10)`, about 2.3{=tests/claims/walkthroughs/test_first_network.py: math.log(10) == pytest.approx(#, abs=0.01)}, and yours begins near that.
#
# ## Write the training loop by hand
#
# Training repeats three steps:
#
# 1. Take fifty digits, called a *batch*, and compute their loss.
# 2. Ask autograd for the gradients, which say how each weight changes the loss.
# 3. Subtract 0.3 times its gradient from each weight.
#
# The factor 0.3 is the *learning rate*.
# If it is too small, training takes long; if it is too large, the loss jumps around instead of falling.
# One pass through all training digits is an *epoch*.
#
# Why fifty digits, a learning rate of 0.3, and the twenty epochs below?
# Nobody can compute such settings; you try a few values and keep what works.
# These work here, and the curves below show that twenty epochs are enough.
# `manual_seed(1)` decides the order of the digits, which changes in each epoch.
# `randperm` mixes the row numbers of the digits, and `split(50)` cuts them into batches:

# %%
torch.manual_seed(1)
history = []
for _epoch in range(20):
    total = 0.0
    for batch in torch.randperm(len(x_train)).to(device).split(50):
        loss = nn.functional.cross_entropy(
            network(x_train[batch]), y_train[batch]
        )
        loss.backward()
        with torch.no_grad():
            for p in (w1, b1, w2, b2):
                p -= 0.3 * p.grad
                p.grad = None
        total += loss.item() * len(batch)
    history.append((total / len(x_train), accuracy(network)))

for epoch in (1, 2, 5, 10, 20):
    loss, right = history[epoch - 1]
    print(f"epoch {epoch:2}: loss {loss:.3f}, right {right:.1%}")

# %% tags=["fold"]
# figure: Two curves over twenty epochs. The loss falls steeply in the first five and
#   goes on falling slowly; the share of right answers rises and stays above nine in
#   ten.
# Draw the two curves
fig, (left, right) = plt.subplots(1, 2, figsize=(5.4, 2.8))
epochs = range(1, 21)
left.plot(epochs, [loss for loss, _ in history], color="C0")
left.set(title="Loss, training", xlabel="epoch", ylim=(0, None))
right.plot(epochs, [share for _, share in history], color="C1")
right.set(title="Right, test", xlabel="epoch", ylim=(0, 1))
plt.show()

# %% [markdown]
# The loss falls steeply at first and then slowly, while the accuracy on the test digits rises.
#
# Two lines are easy to forget.
# Without `torch.no_grad()`, PyTorch refuses to change the weights in place, because autograd is recording what happens to them.
# `p.grad = None` is needed because `backward()` [adds to the gradients that are there](../autograd/why-zero-grad.md).
#
# ## Write the same with `nn.Module`
#
# With many layers, a list of weights by hand becomes long, so PyTorch manages them for you.
# A *module* creates and keeps its weights; here one `nn.Linear` holds the weights and biases of each product:


# %%
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)
        )

    def forward(self, x):
        return self.layers(x)


# %% [markdown]
# An *optimizer* changes the weights.
# `SGD`, stochastic gradient descent, does what your loop did: it subtracts the learning rate times the gradient.
# `zero_grad()` takes the place of `p.grad = None`, and may stand anywhere between `step()` and the next `backward()`:


# %%
def train(model, loss_function=nn.functional.cross_entropy):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    for _epoch in range(20):
        for batch in torch.randperm(len(x_train)).to(device).split(50):
            loss = loss_function(model(x_train[batch]), y_train[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


# %% [markdown]
# Is it really the same?
# Give the module the first weights from above and the same seed for the batches, and it must end with the same scores.
# The scores may differ a little, because a computer rounds each sum and the two programs add in another order; 1e-3 leaves room for that.
#
# The last line is an `assert`: it stops the program if what follows it is false.
# You don't need such lines in your own copy.
# They check the sentences of this page each time the page is made:

# %%
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
# The scores agree, so the module and the optimizer do what you wrote by hand.
#
# One good result can be luck.
# Train three more networks, each with its own seed and so with other first weights.
# Their results differ, so ask only that all three are above a `floor`, here 94 %{=tests/claims/walkthroughs/test_first_network.py: lesson["floor"] == #}:

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
# Each network reads more than 94 %{=each above #} of the 450{=tests/claims/walkthroughs/test_first_network.py: len(lesson["x_test"]) == #} digits that it never saw.
# Here are thirty of them with the answers of the first `model`:

# %% tags=["fold", "result"]
# figure: Thirty handwritten digits in three rows, each with the answer of the network
#   above it. Nearly all answers are right; a wrong one would stand in orange.
# Draw thirty test digits with the answers
with torch.no_grad():
    answers = model(x_test).argmax(1).cpu()
fig, axes = plt.subplots(3, 10, figsize=(5.4, 2.7))
for ax, image, answer, label in zip(
    axes.flat, x_test.cpu(), answers, y_test.cpu(), strict=False
):
    ink = image.reshape(8, 8).numpy()  # how strong the colour is
    ax.imshow(ink >= 0, cmap="Blues", vmin=0, vmax=1.5, alpha=ink)
    colour = "C2" if answer == label else "C1"
    ax.set_title(answer.item(), loc="center", color=colour)
    ax.axis("off")
plt.show()

# %% [markdown]
# ## Look at what it learned
#
# Each of the 32 hidden numbers has 64 weights, one for each pixel, so you can draw them as a picture:

# %% tags=["fold"]
# figure: Thirty-two small squares of 8 by 8 pixels, one for each hidden number. Red
#   pixels raise it and blue ones lower it; many squares show strokes and curves, side
#   by side with their opposite.
# Draw the weights of the hidden numbers
fig, axes = plt.subplots(4, 8, figsize=(5.4, 3.2))
w = model.layers[0].weight.detach().cpu()  # (32, 64)
for ax, row in zip(axes.flat, w, strict=True):
    square = row.reshape(8, 8)
    share = (square.abs() / w.abs().max()).numpy()  # how strong the colour is
    ax.imshow(square.sign(), cmap="RdBu_r", vmin=-1.3, vmax=1.3, alpha=share)
    ax.axis("off")
plt.show()

# %% [markdown]
# Ink on a red pixel raises the hidden number, and ink on a blue pixel lowers it.
# Where a square is pale, the weights are small.
# Nobody told the network to look for strokes: it found these patterns because they lower the loss.
#
# ## Look at a mistake
#
# A list of wrong answers tells you more about a network than its accuracy.
# Of all digits that the network reads wrongly, find the one where it is most certain.
# `softmax` turns the scores into probabilities:

# %%
with torch.no_grad():
    probabilities = model(x_test).softmax(1).cpu()  # (450, 10)
sure, answer = probabilities.max(1)
wrong = (answer != y_test.cpu()).nonzero().flatten()  # their row numbers
worst = wrong[sure[wrong].argmax()]  # of these, the most certain
print(len(wrong), "of", len(x_test), "are wrong")
print(f"a {y_test[worst]}, read as {answer[worst]}")
print(f"with a probability of {sure[worst]:.1%}")

# %% tags=["fold"]
# figure: On the left the digit that is read wrongly, 8 by 8 pixels. On the right
#   a bar for each of the ten digits; the highest bar is not the true one, which is
#   marked by another colour.
# Draw the digit and its ten probabilities
fig, (left, right) = plt.subplots(1, 2, figsize=(5.4, 2.4))
ink = x_test[worst].cpu().reshape(8, 8).numpy()
left.imshow(ink >= 0, cmap="Blues", vmin=0, vmax=1.5, alpha=ink)
left.set_title(f"a {y_test[worst]}", loc="center")
left.axis("off")
true = y_test[worst].item()
colours = ["C1" if digit == true else "C0" for digit in range(10)]
right.bar(range(10), probabilities[worst], color=colours)
right.set(title="Probability", xticks=range(10), ylim=(0, 1))
plt.show()

# %% [markdown]
# A high probability doesn't prove that the answer is right.
# Look at the digit: would you have read it?
#
# ## Save the network
#
# Save the `state_dict`, which holds the weights by name, and [not the whole module](../training/save-and-load.md).
# This page writes into memory instead of a file, which works the same way.
# To load the weights, first build the same network:

# %%
file = io.BytesIO()  # or a path such as "network.pt"
torch.save(model.state_dict(), file)
file.seek(0)  # back to the start, to read it

again = Network().to(device)
again.load_state_dict(torch.load(file, weights_only=True, map_location=device))
print("equal:", torch.equal(again(x_test), model(x_test)))
assert torch.equal(again(x_test), model(x_test))

# %% [markdown]
# The loaded network gives exactly the same scores.
#
# ## Pitfalls
#
# ### `expected target dtype to be Long or Byte, but got Float`
#
# The labels are floats, for instance because they came from a table in a file.
# Drop the rows without a label (`nan`), and convert the other labels to whole numbers with `.long()`:

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
# If your network applies `softmax` too, the loss can hardly tell a certain answer from a vague one, and this training becomes slow.
# `best` is the smallest loss that is then still possible: each right digit has a very high score, and all others have 0:


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
# Each of the three networks is worse than the one with the same seed above, and no error told you.
#
# ### `optimizer got an empty parameter list`
#
# A module doesn't find layers in a plain Python list, so here the optimizer gets nothing to change.
# If the module also has other layers, only the layers in the list stay untrained, without an error.
# Put the list into `nn.ModuleList`, or its layers one by one into `nn.Sequential`:


# %%
class Listed(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.layers = kind([nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)])


try:
    torch.optim.SGD(Listed(list).parameters(), lr=0.3)
except ValueError as error:
    print(f"ValueError: {error}")

print(sum(p.numel() for p in Listed(nn.ModuleList).parameters()), "weights")

# %% [markdown]
# Now an optimizer would find all the weights and biases.
#
# ## Try it
#
# Leave out `nn.ReLU()`, as the folded cell below does.
# Two matrix products in a row equal one matrix product, so each score is then only a weighted sum of the pixels.
# What accuracy do you expect?
# It hardly changes, because weighted sums are enough for these clean digits:


# %% tags=["fold"]
# Train three networks without relu
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
# ## Practise
#
# Write the missing lines and run the program: it tells you what is wrong.
# [All exercises](../start/exercises.md) are on one list.
#
# ### Compute an accuracy
#
# This lesson counts how many digits a network reads right.
# Compute the share of right answers from the scores of three pictures.
#
# --8<-- "walkthroughs/share_of_right_answers.md"
#
# ??? example "First hint"
#
#     The answer for a picture is the place of its highest score, in its own row.
#
# ??? example "Second hint"
#
#     `==` gives `True` and `False`; as floats, they are 1 and 0.
#
# ??? example "Solution"
#
#     --8<-- "walkthroughs/share_of_right_answers_solution.md"
#
# Next, build [a network that compares neighbouring pixels](first-cnn.ipynb), and so finds a digit wherever it stands.
