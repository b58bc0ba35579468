# figure: Two panels with a row of boxes for the CPU and one for the GPU. With
#    small operations the GPU's boxes are narrow, with wide gaps between
#    them. With large operations the GPU's boxes touch each other.
import matplotlib.pyplot as plt

call = 10  # time that the CPU needs for one call, made up
fig, axes = plt.subplots(2, 1, figsize=(5.4, 3), sharex=True)
kinds = [("small", 4), ("large", 25)]  # time of one operation on the GPU
for ax, (kind, work) in zip(axes, kinds, strict=True):
    asked = [(n * call, call - 0.5) for n in range(8)]  # start and length
    done, boxes = 0, []
    for start, _length in asked:
        begin = max(start + call, done)  # asked for, and the GPU is free
        boxes.append((begin, work - 0.5))
        done = begin + work
    ax.broken_barh(asked, (1.1, 0.8), fc="C0", alpha=0.6)
    ax.broken_barh(boxes, (0.1, 0.8), fc="C1", alpha=0.8)
    ax.set_yticks([1.5, 0.5], ["CPU asks", "GPU works"])
    ax.set_xticks([])
    ax.set_title(f"{kind} operations", loc="left")
    busy = 100 * 8 * work / done
    print(f"{kind} operations: the GPU works {busy:.0f} % of the time")
axes[1].set_xlabel("time")
fig.savefig("small_calls_leave_gaps.svg")
