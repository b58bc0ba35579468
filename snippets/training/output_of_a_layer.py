import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
kept = {}


def keep(layer, inputs, output):
    kept["features"] = output.detach()  # without its graph


handle = model[1].register_forward_hook(keep)
model(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
handle.remove()

print(kept["features"].shape)
print(model[2](kept["features"]).shape)  # the rest of the model
