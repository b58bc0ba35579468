# figure: Two boxes, machine A and machine B, with four processes each. RANK
#    counts from 0 to 3 on machine A and from 4 to 7 on machine B. LOCAL_RANK
#    counts from 0 to 3 on both, and each process has the GPU of that number.
import matplotlib.pyplot as plt

MACHINES, HERE = 2, 4  # HERE is LOCAL_WORLD_SIZE
fig, ax = plt.subplots(figsize=(5.4, 2.5))
ax.set(xlim=(-0.2, 10.1), ylim=(-0.3, 4.2))
ax.axis("off")
for row, name in enumerate(["GPU", "LOCAL_RANK", "RANK"]):
    ax.text(0, row + 0.5, name, va="center", weight="bold")
for machine in range(MACHINES):
    left = 2.3 + 4 * machine
    ax.text(left + 1.8, 3.5, f"machine {'AB'[machine]}", ha="center")
    frame = {"fill": False, "ec": "0.5", "lw": 1.5}
    ax.add_patch(plt.Rectangle((left, 0), 3.6, 3.2, **frame))
    for local in range(HERE):
        x = left + 0.45 + 0.9 * local
        for row, number in enumerate([local, local, machine * HERE + local]):
            color = ["C2", "C1", "C0"][row]
            box = {"boxstyle": "round", "fc": color, "alpha": 0.3}
            ax.text(x, row + 0.5, number, ha="center", va="center", bbox=box)
fig.savefig("ranks_of_two_machines.svg")
