# figure: The gap between a number and the next larger one, from 2 to the
#     power of -20 up to 2 to the power of 20. All three lines are stairs
#     that rise with the number. float32 has the smallest gaps, and float16
#     lies above it, flat on the left, and stops before 65536. bfloat16 runs
#     on, and has the largest gaps except at the far left.
import matplotlib.pyplot as plt
import torch

x = 2.0 ** torch.arange(-20, 20, 0.05)
types = {
    torch.bfloat16: torch.int16,
    torch.float16: torch.int16,
    torch.float32: torch.int32,
}
fig, ax = plt.subplots(figsize=(5.4, 3.6))
for dtype, bits in types.items():
    here = x.to(dtype)
    after = (here.view(bits) + 1).view(dtype)  # one bit further
    gap = after.double() - here.double()
    known = gap.isfinite()
    ax.plot(x[known], gap[known], label=str(dtype)[6:])
ax.set_xscale("log", base=2)
ax.set_yscale("log", base=2)
ax.set(xlabel="number", ylabel="gap to the next number")
ax.legend()
fig.savefig("gap_to_the_next_number.svg")
