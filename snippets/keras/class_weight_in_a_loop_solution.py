import torch
from torch.nn.functional import cross_entropy

logits = torch.tensor([[2.0, 0.0], [1.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
y = torch.tensor([0, 0, 0, 1])
weight = torch.tensor([1.0, 3.0])  # of the classes

# Your code:
# loss = ...  # weighted, over the number of samples
losses = cross_entropy(logits, y, reduction="none")
loss = (losses * weight[y]).mean()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(loss is not ..., "write your expression in place of the three dots.")
check(torch.is_tensor(loss), f"loss is a {type(loss).__name__}, no tensor.")
shape = tuple(loss.shape)
check(shape == (), f"loss has the shape {shape}: take the mean.")
said = round(loss.item(), 3)
check(said != 0.846, "0.846 was divided by the sum of the weights, 6.")
check(said != 0.612, "0.612 is the mean without any weight.")
check(said != 5.073, "5.073 is the sum: divide it by the 4 samples.")
check(said == 1.268, f"loss is {said}, not 1.268.")
print("Right: the loss is", said)
