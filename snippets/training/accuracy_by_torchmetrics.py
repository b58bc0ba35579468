# needs: torchmetrics
# takes: 20 s
import torch
from torchmetrics import Accuracy
from torchmetrics.classification import MulticlassAccuracy

guess = torch.tensor([0, 0, 0, 0, 0, 0, 0, 0])
truth = torch.tensor([0, 0, 0, 0, 0, 0, 1, 2])
micro = MulticlassAccuracy(num_classes=3, average="micro")
macro = MulticlassAccuracy(num_classes=3)  # the default
for g, t in zip(guess.split(5), truth.split(5), strict=True):
    micro.update(g, t)
    macro.update(g, t)

print(f"by hand:     {(guess == truth).float().mean():.3f}")
print(f"micro:       {micro.compute():.3f}")
print(f"the default: {macro.compute():.3f}")
other = Accuracy(task="multiclass", num_classes=3)
print(f"Accuracy:    {other(guess, truth):.3f}")
micro.update(torch.tensor([1, 1]), torch.tensor([0, 0]))  # epoch 2: all wrong
print(f"epoch 2 without reset: {micro.compute():.3f}")
micro.reset()
micro.update(torch.tensor([1, 1]), torch.tensor([0, 0]))
print(f"epoch 2 after reset:   {micro.compute():.3f}")
