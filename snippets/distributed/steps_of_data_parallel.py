import copy

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer, self.calls = nn.Linear(1, 1), 0

    def forward(self, x):
        self.calls += 1
        return self.layer(x).mean()  # a scalar, such as a loss


def imitation(model, x, gpus):  # what DataParallel does, on one CPU
    parts = x.chunk(gpus)  # one for each GPU
    replicas = [copy.copy(model) for _ in parts]  # they share the weights
    outputs = [net(x) for net, x in zip(replicas, parts, strict=True)]
    return torch.stack(outputs), [len(part) for part in parts]


model = Net()
nn.init.ones_(model.layer.weight)
nn.init.zeros_(model.layer.bias)
x = torch.tensor([[0.0], [0.0], [0.0], [0.0], [8.0]])
for gpus in (2, 4):
    losses, sizes = imitation(model, x, gpus)
    print(f"{gpus} GPUs: parts of {sizes}, returns {losses.tolist()}")
    whole = model.layer(x).mean()
    print(f"    its mean {losses.mean():.2f}, of the batch {whole:.2f}")
print("calls counted:", model.calls)
