# figure: Three horizontal bars on a scale of powers of two. float32 and
#    bfloat16 reach from far below 2 to the power of -120 up to 128. float16
#    reaches only from -24 to 16. A gradient of 2 to the power of -30 lies
#    left of its bar, and an arrow moves it by 16 powers into the bar.
import math

import matplotlib.pyplot as plt
import torch

fig, ax = plt.subplots(figsize=(5.4, 3))
for row, name in enumerate(["float16", "bfloat16", "float32"]):
    limits = torch.finfo(getattr(torch, name))
    least = math.log2(limits.smallest_normal * limits.eps)
    normal = math.log2(limits.smallest_normal)
    most = math.log2(limits.max)
    ax.barh(row, normal - least, 0.5, least, color=f"C{row}", alpha=0.4)
    ax.barh(row, most - normal, 0.5, normal, color=f"C{row}", alpha=0.8)
    print(f"{name:8}  largest {limits.max:.6g}, smallest {2**least:.1g}")
ax.plot([-30, -30], [-0.9, 2.4], linestyle="--", color="C3")
ax.text(-40, -0.75, "a gradient", color="C3", ha="right")
style = {"arrowstyle": "->", "color": "C3"}
ax.annotate("", (-14, -0.6), (-30, -0.6), arrowprops=style)
ax.text(-11, -0.75, "scaled by 2¹⁶", color="C3")
ax.set_yticks(range(3), ["float16", "bfloat16", "float32"])
ax.set(xlabel="power of two", ylim=(-1, 2.5), xlim=(-165, 140))
fig.savefig("range_of_three_types.svg")
