import torch
from torch.nn import functional as F

logits = torch.tensor([[2.0], [-1.0], [0.0]])  # (3, 1), before any sigmoid
labels = torch.tensor([1, 0, 1])  # (3,), int64

# Your code:
# loss = ...  # the mean over three samples, by a function of F
loss = F.binary_cross_entropy_with_logits(logits.squeeze(1), labels.float())


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(loss is not ..., "write your expression in place of the three dots.")
check(torch.is_tensor(loss), f"loss is a {type(loss).__name__}, no tensor.")
shape = tuple(loss.shape)
check(shape == (), f"loss has the shape {shape}: take the mean.")
said = round(loss.item(), 3)
why = "cross_entropy compares the outputs of a sample, and here is only one."
check(said != 0, f"the loss is 0: {why}")
check(said != 0.552, "the sigmoid was applied twice: functions do it, too.")
check(said == 0.378, f"the loss is {said}, not 0.378.")
print("Right: the loss is", said)
