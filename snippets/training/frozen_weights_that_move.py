import torch
from torch import nn


def moved(gradient, **settings):
    layer = nn.Linear(1, 1, bias=False)
    nn.init.ones_(layer.weight)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1, **settings)
    layer(torch.ones(1, 1)).sum().backward()
    optimizer.step()  # one step before the layer is frozen
    layer.requires_grad_(False)
    if gradient == "zeros":
        optimizer.zero_grad(set_to_none=False)
    if gradient == "None":
        optimizer.zero_grad()
    before = layer.weight.item()
    optimizer.step()
    return layer.weight.item() - before


print("gradient    plain   momentum   weight decay")
for gradient in ("kept", "zeros", "None"):
    plain = moved(gradient)
    momentum = moved(gradient, momentum=0.9)
    decay = moved(gradient, weight_decay=0.1)
    print(f"{gradient:8}{plain:9.3f}{momentum:11.3f}{decay:15.3f}")
