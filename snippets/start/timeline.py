# figure: A vertical timeline from 2010 to 2026. On the left: Torch7 in Lua,
#    Caffe, Keras on Theano, TensorFlow, Keras picks TensorFlow as default,
#    Keras 3. On the right: PyTorch's alpha-1, its public release a little
#    later, 1.0, 1.8.1 of the tutorial, the Linux Foundation, 2.0, 2.13.
from datetime import date

import matplotlib.pyplot as plt

others = {
    "Torch7, in Lua": date(2010, 7, 1),
    "Caffe": date(2013, 9, 12),
    "Keras, on Theano": date(2015, 3, 27),
    "TensorFlow": date(2015, 11, 9),
    "Keras picks TensorFlow": date(2016, 9, 19),
    "Keras 3": date(2023, 11, 28),
}
pytorch = {
    "alpha-1": date(2016, 9, 1),
    "public release": date(2017, 1, 19),
    "1.0": date(2018, 12, 7),
    "1.8.1, the tutorial's": date(2021, 3, 25),
    "Linux Foundation": date(2022, 9, 12),
    "2.0": date(2023, 3, 15),
    "2.13, this site's": date(2026, 7, 8),
}

fig, ax = plt.subplots(figsize=(5.4, 6.5))
for events, side, ha in ((others, -1, "right"), (pytorch, 1, "left")):
    color, low = "C1" if side > 0 else "C0", 0.0
    for what, day in events.items():
        year = day.year + (day.timetuple().tm_yday - 1) / 365
        at = max(year, low)  # labels keep a distance
        low = at + 0.75
        ax.plot([0, side, 1.2 * side], [year, at, at], color, lw=1)
        ax.plot(0, year, "o", color=color)
        ax.text(1.3 * side, at, what, ha=ha, va="center")
ax.text(-1.3, 2008.8, "Others", color="C0", ha="right", weight="bold")
ax.text(1.3, 2008.8, "PyTorch", color="C1", weight="bold")
ax.axvline(0, color="C5", lw=1)
ax.set(xlim=(-8, 8), ylim=(2027, 2008.3), xticks=[])
ax.set_yticks(range(2010, 2027, 2))
for spine in ax.spines.values():
    spine.set_visible(False)
fig.savefig("timeline.svg")
