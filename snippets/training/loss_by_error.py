# figure: Left, three losses over the error: the squared error grows fastest,
#   L1 is a V, and Huber is round near zero and straight outside. Right, over
#   the logit of the right answer: cross-entropy falls to zero, focal loss
#   falls sooner, and after a second sigmoid the loss stays high everywhere.
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

each = {"reduction": "none"}
error, zero = torch.linspace(-4, 4, 161), torch.zeros(161)
logit, yes = torch.linspace(-5, 5, 161), torch.ones(161)
cross = F.binary_cross_entropy_with_logits(logit, yes, **each)
focal = (1 - logit.sigmoid()) ** 2 * cross
twice = F.binary_cross_entropy_with_logits(logit.sigmoid(), yes, **each)

fig, (left, right) = plt.subplots(1, 2, figsize=(5.4, 3.2))
left.plot(error, F.mse_loss(error, zero, **each), "C0", label="MSE")
left.plot(error, F.l1_loss(error, zero, **each), "C1", label="L1")
left.plot(error, F.huber_loss(error, zero, **each), "C2--", label="Huber")
left.set(xlabel="prediction - target", ylabel="loss", ylim=(-0.3, 8))
left.legend(loc="upper center")
right.plot(logit, cross, "C0", label="cross-entropy")
right.plot(logit, focal, "C2--", label="focal loss")
right.plot(logit, twice, "C3:", label="sigmoid twice")
right.set(xlabel="logit of the right answer", ylim=(-0.19, 5.2))
right.legend()
fig.savefig("loss_by_error.svg")
