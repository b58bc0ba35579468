# figure: On the left, a box called your PyTorch loop holds a Keras model; the
#    loop calls backward and an optimizer of torch. On the right, a box called
#    Keras fit holds a Keras model, and this holds a wrapped PyTorch module.
import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch


def box(ax, x, y, wide, high, colour, text):
    style = "round,pad=0,rounding_size=0.15"
    size = {"boxstyle": style, "facecolor": "none", "lw": 1.6}
    ax.add_patch(FancyBboxPatch((x, y), wide, high, edgecolor=colour, **size))
    ax.text(x + 0.2, y + high - 0.2, text, va="top", color=colour)


figure, (left, right) = plt.subplots(1, 2, figsize=(5.4, 2.5))
box(left, 0, 0, 6, 5, "C0", "your PyTorch loop")
box(left, 0.4, 1.7, 5.2, 2.1, "C1", "Keras model\nbuild, training=True")
left.text(0.4, 1.2, "loss.backward()\noptimizer of torch.optim", va="top")
box(right, 0, 0, 6, 5, "C1", "Keras fit")
box(right, 0.4, 0.4, 5.2, 3.4, "C1", "Keras model")
box(right, 0.8, 0.8, 4.4, 1.9, "C0", "TorchModuleWrapper\nyour nn.Module")
for ax in (left, right):
    ax.set(xlim=(-0.1, 6.1), ylim=(-0.1, 5.1))
    ax.axis("off")
figure.savefig("each_inside_the_other.svg")
