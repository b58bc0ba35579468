# figure: A table of eight tasks of a training, such as device, gradients
#   and early stopping, in three columns. A plain loop writes all itself,
#   Accelerate takes over the device and changes two lines, and Lightning
#   takes over most; the loss remains yours, in methods of your class.
import matplotlib.pyplot as plt

same = ("for ... in ...", "step, zero_grad", "eval, no_grad", "if ...: break")
rows = {
    "device": ("x.to(device)", "prepare(...)", "Trainer"),
    "batches": (same[0], same[0], "Trainer"),
    "the loss": ("loss = ...", "loss = ...", "training_step"),
    "gradients": (".backward()", "acc.backward(..)", "Trainer"),
    "weights": (same[1], same[1], "Trainer"),
    "validation": (same[2], same[2], "validation_step"),
    "best weights": ("torch.save", "save_state", "ModelCheckpoint"),
    "stop early": (same[3], same[3], "EarlyStopping"),
}

fig, ax = plt.subplots(figsize=(5.4, 3.7))
ax.axis("off")
ax.set(xlim=(0, 5.4), ylim=(7.6, -1))
for column, head in enumerate(["plain loop", "Accelerate", "Lightning"]):
    ax.text(1.7 + 1.45 * column, -0.8, head, weight="bold", ha="center")
for row, (task, calls) in enumerate(rows.items()):
    ax.text(0, row, task, va="center")
    for column, call in enumerate(calls):
        yours = call == calls[0] or "_step" in call
        color = "C0" if yours else "0.6" if column == 2 else "C1"
        box = {"boxstyle": "round", "fc": color, "alpha": 0.3, "lw": 0}
        style = {"ha": "center", "va": "center", "bbox": box}
        ax.text(1.7 + 1.45 * column, row, call, **style)
fig.savefig("who_writes_which_line.svg")
