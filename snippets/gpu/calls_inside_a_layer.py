# figure: Boxes in columns: each box holds, to its right, the operations that
#    it called. linear called t and addmm, t called transpose, and addmm
#    called expand and copy_. relu called clamp_min.
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

model, x = nn.Sequential(nn.Linear(3, 2), nn.ReLU()), torch.ones(4, 3)
with profile(activities=[ProfilerActivity.CPU]) as profiler:
    model(x)

fig, ax = plt.subplots(figsize=(5.4, 3.3))
ax.axis("off")


def draw(event, top, depth):
    """Draw a call and those inside it; where the next one begins."""
    end = top
    for inner in event.cpu_children:
        end = draw(inner, end, depth + 1)
    end = max(end, top + 1)
    box = {"fc": f"C{depth}", "alpha": 0.3, "lw": 0}
    ax.add_patch(plt.Rectangle((depth, top), 0.97, end - top - 0.1, **box))
    name = event.name.removeprefix("aten::")
    ax.text(depth + 0.05, (top + end) / 2, name, va="center")
    return end


end = 0
for event in profiler.events():
    if event.cpu_parent is None:
        end = draw(event, end, 0)
ax.set(xlim=(0, 4), ylim=(end, 0))
fig.savefig("calls_inside_a_layer.svg")
