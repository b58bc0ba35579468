# ---
# description: "Build a small GPT in PyTorch from the ground up: byte-pair tokens by hand, causal attention, training on a book, and sampling with temperature and top-k."
# search:
#   top: [LLM from scratch, nanoGPT, minGPT, own chatgpt, decoder-only, karpathy, story
#     generator]
#   cut-the-text-into-tokens: [fit_on_texts, texts_to_sequences, tokenization, subword,
#     tiktoken, sentencepiece, wordpiece, out-of-vocabulary, word_index, num_words]
#   build-the-model: [transformer block, pre-norm, residual stream, feed-forward, wte
#     wpe, CausalSelfAttention]
#   train-it-in-seconds: [context window, block_size, plateau, unigram]
#   does-it-only-copy-the-book: [memorization, plagiarism, verbatim, regurgitate]
#   get-a-book: [corpus, gutenberg]
#   let-a-model-with-longer-training-write: [bigger model]
#   fine-tune-it-with-lora: [finetune gpt, own text, low-rank]
# ---

# %% [markdown]
# # Build and train a small language model (GPT)
#
# You build a GPT, a network that predicts the next piece of a text, train it on a book in seconds, and let it write.

# %% [markdown]
# It is built like GPT-2, only much smaller.
# The figure shows how its loss falls while it reads *Alice's Adventures in Wonderland*.
# The dotted line is guessing, and the line below it is what you reach by knowing only how frequent each token is.
# The dashed line is a larger model that was trained for longer; you load it at the end.
#
# You need to know [attention](../sequences/attention.md) and [a training loop](../training/train-and-eval.md).
#
# ## Get a book
#
# Everything runs on a CPU.
# The first folded cell imports what you need; the second one reads a file that lies beside the notebook, or else downloads it from this site:

# %% tags=["fold"]
# Set-up: imports
import math
import re
from collections import Counter
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

# %% tags=["fold"]
# Helper functions: site_file and load_weights
# --8<-- "lab/train/weights.py:load"
# --8<-- "lab/train/weights.py:alice"

# %% [markdown]
# The book is by Lewis Carroll, from 1865{=tests/claims/walkthroughs/test_language_model.py: ["year"] == #}, and in the public domain, so you may use it as you like.
# [The file](../assets/text/alice.txt) comes from the source package of Brotli 1.2.1{=tests/claims/walkthroughs/test_language_model.py: ["version"] == "#"} on PyPI, where it tests a program that compresses text.
# To use a text of your own, read it with `Path(name).read_text(encoding="utf-8")`, which also turns line ends of Windows into `\n`.
# An empty line ends a paragraph: `clean` puts each paragraph on one line, and drops those without a letter from A to Z, such as a row of stars:

# %%
# --8<-- "lab/train/tokens.py:clean"
text = clean(site_file("text/alice.txt", ALICE).decode())
print(len(text), "characters")
print(text[90:260])

# %% [markdown]
# ## Cut the text into tokens
#
# A network reads numbers, so a text has to become a list of numbers first.
# The simplest way is to take its bytes, which are numbers below 256{=lab/train/tokens.py: for byte in range(#)}:

# %%
print(text[:12], list(text[:12].encode()))

# %% [markdown]
# With bytes the model would read any text, but each word would take many steps.
# *Byte-pair encoding*, BPE, makes the list shorter: it finds the pair of neighbours that is most frequent, gives this pair a new number, and starts again.
# Each number is called a *token*.
#
# The text is first cut into pieces, and no token reaches across two of them.
# A piece is a word of the letters A to Z, or a row of other signs, each with the space before it; a second space or the end of a line is a piece, too.
# So no token of this book reaches across two words; words of other letters, like those in `猫,犬`, may share one.
# `merged` replaces one pair by its new token:

# %%
# --8<-- "lab/train/tokens.py:pieces"

# %% [markdown]
# `learn` counts the pairs in all pieces, and makes the most frequent one a token until there are 512 tokens{=lab/train/tokens.py: size=#}.
# After each step, it counts again only the pieces that have changed: `count(piece, -1)` takes their old pairs out, and `count(piece, 1)` puts the new ones in.
# A few pages of a book are enough; a few words have too few pairs, even if you repeat them often, and decoding them fails:

# %%
# --8<-- "lab/train/tokens.py:learn"
merges = learn(text)

# %% [markdown]
# To encode a text, apply the merges in the order in which they were learned.
# To decode tokens, write down the bytes of each:

# %%
# --8<-- "lab/train/tokens.py:encode"
tokens = vocabulary(merges)


def decode(ids):
    return b"".join(tokens[one] for one in ids).decode(errors="replace")


# %% [markdown]
# These are the first merges, and a text cut into tokens:

# %%
print([decode([one]) for one in range(256, 268)])
ids = encode(" the cat and the Mock Turtle", merges)
print([decode([one]) for one in ids])
assert decode(encode("Any text: é, 猫!", merges)) == "Any text: é, 猫!"

# %% [markdown]
# Many frequent words, such as `the`, have become one token, and most rare words are made of several.
# Text that the book doesn't have works too, because every byte is a token.
# [The next page](language-model-live.md) shows that the library `tokenizers` gives the same tokens.
#
# Encode the book, and keep its last tenth for the test: the model never sees it in training, only `learn` has.
# `torch.tensor` turns the ids into a tensor, which is PyTorch's array:

# %%
everything = torch.tensor(encode(text, merges))
cut = len(everything) * 9 // 10
ids_train, ids_test = everything[:cut], everything[cut:]
print(len(text), "characters,", len(everything), "tokens")
assert decode(everything.tolist()) == text

# %% [markdown]
# ## Build the model
#
# The model gets tokens, and predicts at each place which token comes next.
# Its heart is [causal attention](../sequences/attention.md#hide-the-future-with-a-causal-mask): each place collects information from itself and from earlier places, never from later ones.
# One linear layer computes queries, keys and values, which are then divided among the heads: `unflatten` makes the shape (batch, time, 3, heads, size), and `permute` puts the 3 first:


# %%
# --8<-- "lab/train/language_model.py:attention"


# %% [markdown]
# A block first exchanges information between places, by attention.
# Then it computes at each place, by two linear layers with the function GELU between them: this is called an MLP.
# `LayerNorm` brings the numbers of each place to mean 0 and, unless they are nearly equal, variance 1, then scales them by learned weights; `Dropout` sets some to zero, but only in training.
# Each part adds its result to `x` instead of replacing it, which makes deep networks trainable.
# GPT-2 computes GELU by a formula with `tanh`, so this block does so, too:


# %%
# --8<-- "lab/train/language_model.py:block"


# %% [markdown]
# The whole model begins with an embedding, a table that has 64 numbers{=lab/train/language_model.py: width=#} for each token.
# A second embedding, for the places, is added, and the blocks follow.
# At the end, the first embedding also gives each possible token a score, its *logit*: this is called *tied weights*, and saves another matrix of that size:


# %%
# --8<-- "lab/train/language_model.py:gpt"


# %% [markdown]
# Before you train, check that the untrained model is as good as guessing.
# Guessing among 512 tokens{=lab/train/tokens.py: size=#} gives a loss of `math.log(512)`.
# The model is that good because its embeddings begin with small numbers; with PyTorch's usual `nn.Embedding`, its loss would be several times as high.
# `unfold(0, 65, 64)` cuts rows of 65 tokens, each of which begins 64 after the last:

# %%
# --8<-- "lab/train/language_model.py:loss"
test = ids_test.unfold(0, 65, 64)  # rows of 64 tokens, and the next one


def test_loss(model):
    model.eval()
    with torch.no_grad():
        return loss_of(model, test).item()


torch.manual_seed(0)
model = GPT(blocks=2, dropout=0.0)
print(f"loss {test_loss(model):.2f}, guessing {math.log(512):.2f}")
assert abs(test_loss(model) - math.log(512)) < 0.1

# %% [markdown]
# Also check that no answer depends on a later token.
# Change the token at place 40, and look at which answers change:

# %%
print(sum(p.numel() for p in model.parameters()), "parameters")
one, other = test[:1, :-1], test[:1, :-1].clone()
other[0, 40] = 0
model.eval()
changed = (model(one) != model(other)).any(dim=2)[0].nonzero().flatten()
print("the first place that changed:", changed[0].item())
assert changed[0] == 40

# %% [markdown]
# ## Train it in seconds
#
# `rows` has a passage of 65 tokens from each place where one can begin.
# Of each passage, the model reads the first 64, and at each place it should predict the token after it.
# So one passage is 64 exercises at once.
# `loss_of` shifts the tokens by one for this; if you [forget the shift](../sequences/generate.md#shift-the-target-by-one), the loss looks wonderful, and the model is useless.
# The optimizer `AdamW` changes the weights, in steps that `OneCycleLR` makes larger at first and smaller later:


# %%
# --8<-- "lab/train/language_model.py:fit"
losses = fit(model, ids_train, steps=300, batch=16)
loss = test_loss(model)
print(f"loss on the last tenth of the book: {loss:.2f}")
assert loss < 4.6  # holds for the seeds 0, 1 and 2
assert math.exp(math.log(512) - loss) > 5

# %% [markdown]
# A loss of 4.3{=tenth of the book: #} instead of 6.2{=guessing #}: the model gives the right token about seven times the probability that guessing gives it, `math.exp(1.9)`.
# With most other seeds, the loss ends between 4.0{=tests/claims/walkthroughs/test_language_model.py: assert # < loss.item()} and 4.6{=tests/claims/walkthroughs/test_language_model.py: < loss.item() < #}; with a few, it ends above 5.
# A loss averages logarithms, so this factor is a *geometric mean*; the usual mean is even higher, because some tokens are easy.
#
# On the way, the loss stops falling for a while.
# A model that knows how frequent each token is, and nothing else, reaches the *entropy* of the tokens, the sum of `-p * log(p)`, which `entr` computes for each share `p`:

# %%
shares = ids_train.bincount(minlength=512) / len(ids_train)
frequent = torch.special.entr(shares).sum().item()
rest = sum(losses[50:80]) / 30
print(f"entropy {frequent:.2f}, mean loss of the steps 50 to 80: {rest:.2f}")
assert abs(rest - frequent) < 0.15

# %% [markdown]
# So the model first learns how frequent each token is, and only then which token follows which.
#
# What can it write?
# You give it a start of at least one sign, it predicts the next token, you append that token, and so on.
# `choose` picks a token from the logits of the last place, `[0, -1]`, and the model sees only the last 64 tokens:


# %%
def write(model, start, count, choose):
    """The start, and so many tokens more."""
    ids = encode(start, merges)
    model.eval()
    with torch.no_grad():
        for _ in range(count):
            seen = torch.tensor([ids[-model.context :]])
            ids.append(int(choose(model(seen)[0, -1])))
    return decode(ids)


written = write(model, "Alice looked", 60, torch.argmax)
print(written)
parts = Counter(written[at : at + 10] for at in range(len(written)))
assert max(parts.values()) > 2  # it repeats itself

# %% [markdown]
# ## Choose the next token
#
# `argmax` always takes the most probable token, which is called *greedy*.
# Greedy text of small models like this one soon repeats itself, as above.
#
# `sampled` makes a `choose` that draws a token by its probability instead: `softmax` gives the probabilities, and `multinomial` draws.
# The *temperature* divides the logits: below 1, the most probable token becomes more probable and the least probable one less; above 1, it is the other way round.
# Temperature 0 would divide by zero, so `sampled(0)` fails when it draws: take `argmax` for it.
# *Top-k* first drops all but the `k` most probable tokens, at most as many as there are:


# %%
def sampled(temperature=1.0, k=512):
    def choose(logits):
        best = logits.topk(k)
        shares = (best.values / temperature).softmax(dim=0)
        return best.indices[torch.multinomial(shares, 1)]

    return choose


for temperature, k in ((0.5, 512), (1.0, 512), (2.0, 512), (2.0, 5)):
    torch.manual_seed(1)
    print(f"--- temperature {temperature}, k {k}")
    print(write(model, "Alice looked", 40, sampled(temperature, k)))

# %% [markdown]
# One text is a matter of luck.
# But over many, a low temperature gives more real words and more repetition; at temperature 2 the text falls apart, because so many improbable tokens together are drawn often.
# The sign � stands for bytes that are no text, because a token may be a part of a character.
# With the five most probable tokens only, the text mostly holds together better, even at temperature 2.
#
# ## Let a model with longer training write
#
# The project behind this site trained a larger model, of three blocks with dropout, for longer.
# [Its card](../assets/weights/language-model.json) says how, and how good three such trainings were.
# Load its weights:

# %%
# --8<-- "lab/train/weights.py:language-model"
longer = GPT()
print(longer.load_state_dict(load_weights("language-model", LANGUAGE_MODEL)))
best = test_loss(longer)
print(f"loss of the model with longer training: {best:.2f}")
assert best < loss - 0.3
torch.manual_seed(0)
print(write(longer, "Alice looked", 100, sampled(0.6, 40)))

# %% tags=["fold", "result"]
# figure: The loss by training step falls from the dotted line of guessing, rests for a
#   while near the line of a model that knows only how frequent each token is, falls
#   again, and stays above the dashed line of the model that was trained longer.
# Draw the loss
figure, ax = plt.subplots(figsize=(5.4, 3))
ax.plot(losses, color="C0")
lines = (
    (math.log(512), "0.5", ":", "guessing"),
    (frequent, "0.5", "-.", "how frequent each token is"),
    (best, "C1", "--", "trained longer, on the last tenth"),
)
for height, color, style, words in lines:
    ax.axhline(height, color=color, linestyle=style)
    ax.text(300, height + 0.05, words, color=color, ha="right", va="bottom")
ax.set_ylim(3, 6.7)
ax.set_xlabel("training step")
ax.set_ylabel("loss")
plt.show()

# %% [markdown]
# Most words are real, some are invented, and all of it sounds like the book, but it makes no sense.
# A model of this size learns which tokens follow each other, not what they mean.
#
# ## Does it only copy the book?
#
# A model can learn its training text by heart.
# So look for the longest part of what it wrote, sign by sign, that also stands in the book:


# %%
def longest_copy(written):
    """The longest part of a text that stands like this in the book."""
    best = ""
    for first in range(len(written)):
        last = first + len(best) + 1
        while last <= len(written) and written[first:last] in text:
            best = written[first:last]
            last += 1
    return best


copies = []
for seed in range(3):
    torch.manual_seed(seed)
    written = write(longer, "Alice looked", 100, sampled(0.6, 40))
    copies.append(longest_copy(written))
    print(len(written), "characters, longest copy:", repr(copies[-1]))
assert max(map(len, copies)) < 100

# %% [markdown]
# The copies are a few words long, so the model puts pieces together in a new way.
# A model that trains much longer on a small text copies more of it.
#
# ## Fine-tune it with LoRA
#
# Fine-tuning trains a finished model further, on another text.
# [LoRA](../sequences/fine-tune-lora.md) does that with few weights: it freezes the model, and trains two thin matrices, `A` and `B`, beside some layers, here those of queries, keys and values.
# The *rank* is the number of rows of `A` and of columns of `B`: with a higher one, more weights train, and the adapter, `A` and `B`, can learn more.
# `B` starts at zero, so the model is unchanged before the first step.
# `A` starts at random numbers, and `/ 8`, the square root of its 64 inputs, keeps what it gives as large as `x`.
# The 2 is the scale of LoRA, `alpha / rank`: a larger `alpha`, which you choose, makes the adapter count more:


# %%
class LoRA(nn.Module):
    def __init__(self, base, rank):
        super().__init__()
        self.base = base
        self.A = nn.Parameter(torch.randn(rank, base.in_features) / 8)
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x):
        return self.base(x) + 2 * (x @ self.A.T @ self.B.T)


def tune(model, rows, rank, steps=40):
    model.requires_grad_(False)
    for block in model.blocks:
        block.attention.qkv = LoRA(block.attention.qkv, rank)
    trained = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        loss_of(model, rows).backward()
        optimizer.step()
    return sum(one.numel() for one in trained)


# %% [markdown]
# `tune` gives each block an adapter, and gives the optimizer only the weights that still train.
# The model stays in the eval mode of `test_loss`, because with dropout it forgets more of the book.
#
# The new text counts sheep, one line for each number.
# Compare the loss on both texts before and after; that of the sheep is on the very lines that it trains on:

# %%
sheep = "\n".join(f"{n} sheep and 1 sheep are {n + 1}." for n in range(1, 60))
counting = torch.tensor(encode(sheep, merges)).unfold(0, 65, 64)
untuned = loss_of(longer, counting).item()
torch.manual_seed(0)
count = tune(longer, counting, rank=4)
share = count / sum(p.numel() for p in longer.parameters())
print(f"{count} weights train, {share:.1%} of all")
forgets, learns = test_loss(longer), loss_of(longer, counting).item()
print(f"sheep: {untuned:.2f}, then {learns:.2f}")
print(f"book:  {best:.2f}, then {forgets:.2f}")
assert learns < untuned - 2 and forgets > best + 0.3

# %% [markdown]
# The loss on the sheep falls from 6.98{=sheep: #,} to 2.09{=, then #}, and that on the book rises from 3.32{=book:  #,} to 4.78{=book:  3.32, then #}: the model learns the new text, and forgets a part of the book.
# Let it write with the adapters, then take them off, and let it write from the same start again:

# %%
start = "1 sheep and 1 sheep are 2.\n2 sheep"
tuned = write(longer, start, 16, torch.argmax)
for block in longer.blocks:
    block.attention.qkv = block.attention.qkv.base
plain = write(longer, start, 16, torch.argmax)
print("with adapters:   ", repr(tuned))
print("without adapters:", repr(plain))
assert tuned.count(" sheep") > plain.count(" sheep") == start.count(" sheep")
assert test_loss(longer) == best  # the old model is still there

# %% [markdown]
# With the adapters it repeats the words of the new text, though not yet its numbers.
# No old weight has changed, so without the adapters the model writes like the old one.
# To train its weights again, call `longer.requires_grad_(True)` first.
#
# ## Try it
#
# In the cell that trains, double `steps`, run all cells from the top, so that the model starts anew, and see how far the loss falls.
#
# ## Practise
#
# Write the missing lines and run the program: it tells you what is wrong.
# [All exercises](../start/exercises.md) are on one list.
#
# ### Know the loss of a guess
#
# Before training, the model knows nothing, so it should give each of its tokens the same probability.
# Compute the loss that it then has.
#
# --8<-- "walkthroughs/loss_of_a_guess.md"
#
# ??? example "First hint"
#
#     Cross-entropy is the negative logarithm of the probability of the right token.
#
# ??? example "Second hint"
#
#     Each token has the probability `1 / tokens`, and PyTorch takes the natural logarithm.
#
# ??? example "Solution"
#
#     --8<-- "walkthroughs/loss_of_a_guess_solution.md"
#
# Next, [let it write in your browser](language-model-live.md), and see that it is a real GPT-2.
