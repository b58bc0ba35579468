import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
model.to(device)
x = torch.ones(2, 3, device=device)
loss = model(x).square().mean()

names = {p: name for name, p in model.named_parameters()}


def show(node, depth):
    label = type(node).__name__
    if label == "AccumulateGrad":
        label += " of " + names[node.variable]
    print("  " * depth + label)
    for child, _ in node.next_functions:
        if child:
            show(child, depth + 1)


show(loss.grad_fn, 0)
