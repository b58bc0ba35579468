# figure: Left, two overlapping hills over the score, dots for class 0 and
#   solid for class 1, with a threshold at 0.5. Right, the ROC curve rises
#   steeply above the dashed diagonal of guessing; a dot marks the threshold.
import matplotlib.pyplot as plt
import torch

torch.manual_seed(0)
y = torch.tensor([0] * 400 + [1] * 400)
scores = (torch.randn(800) + 1.6 * y - 0.8).sigmoid()
order = scores.argsort(descending=True)
hits = y[order].cumsum(0) / 400
false = (1 - y[order]).cumsum(0) / 400
at = int((scores > 0.5).sum()) - 1  # the last alarm

fig, (left, right) = plt.subplots(1, 2, figsize=(5.4, 2.9))
middle = (torch.arange(16) + 0.5) / 16  # of each bin
for label, look in ((0, "C3:"), (1, "C0")):
    count = torch.histc(scores[y == label], 16, 0, 1)
    left.plot(middle, count, look, label=f"class {label}")
left.axvline(0.5, color="grey", ls="--")
left.set(xlabel="score", ylabel="samples", ylim=(-2, 99))
left.legend(loc="upper right")
right.plot(false, hits, "C0")
right.plot([0, 1], [0, 1], color="grey", ls="--")
right.plot(false[at], hits[at], "C0o")
right.set(xlabel="false alarms / class 0", ylabel="hits / class 1")
fig.savefig("scores_and_roc.svg")
