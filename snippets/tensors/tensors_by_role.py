import torch
from torch import nn

first, last = nn.Linear(2, 3), nn.Linear(3, 1)  # two layers
parameters = [*first.parameters(), *last.parameters()]
optimizer = torch.optim.SGD(parameters, lr=0.1, momentum=0.9)

x = torch.ones(5, 2)  # (samples, features)
hidden = first(x).tanh()
y = last(hidden)
y.square().mean().backward()  # makes the gradients
optimizer.step()  # moves the parameters

roles = {
    "input": [x],
    "hidden layer": [hidden],
    "output": [y],
    "parameters": parameters,
    "gradients": [p.grad for p in parameters],
    "optimizer state": [
        optimizer.state[p]["momentum_buffer"] for p in parameters
    ],
}
for role, tensors in roles.items():
    count = sum(t.numel() for t in tensors)
    print(f"{role:15} {count:3} numbers")
