# figure: On the left, words of Keras: optimizer, loss, metrics, batch_size,
#   validation_split, epochs, fit and evaluate. Lines lead from each to the
#   line of a PyTorch loop on the right that does its work; several cross.
import matplotlib.pyplot as plt

words = ["optimizer", "loss", "metrics", "validation_split", "batch_size"]
words += ["epochs", "fit", "evaluate"]
loop = [
    ("DataLoader(...)", "validation_split", "batch_size"),
    ("torch.optim.SGD(...)", "optimizer"),
    ("for _ in range(3):", "epochs"),
    ("    model.train()", "fit"),
    ("    cross_entropy(logits, yb)", "loss"),
    ("    loss.backward()", "fit"),
    ("    optimizer.step()", "fit"),
    ("    right += ...", "metrics"),
    ("    model.eval()", "evaluate"),
]

fig, ax = plt.subplots(figsize=(5.4, 3.6))
ax.axis("off")
ax.set(xlim=(0, 1), ylim=(8.5, -1.2))
ax.text(0, -1, "Keras", weight="bold")
ax.text(0.52, -1, "PyTorch loop", weight="bold")
for number, word in enumerate(words):
    ax.text(0, number * 8 / 7, word, va="center", family="monospace")
for number, (code, *names) in enumerate(loop):
    text = code.replace(" ", "\u00a0")
    ax.text(0.52, number, text, va="center", family="monospace")
    for place in map(words.index, names):
        ax.plot([0.31, 0.5], [place * 8 / 7, number], f"C{place % 6}")
fig.savefig("fit_becomes_lines.svg")
