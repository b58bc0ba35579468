import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)


def moved_in_a_step():
    before = model[0].weight.clone()
    optimizer.zero_grad()
    model(torch.ones(3, 4)).mean().backward()
    optimizer.step()
    return not torch.equal(before, model[0].weight)


model[0].requires_grad_(False)
print("frozen:  ", moved_in_a_step())
model[0].requires_grad_(True)
print("unfrozen:", moved_in_a_step())
optimizer.add_param_group({"params": model[0].parameters(), "lr": 0.01})
print("added:   ", moved_in_a_step())
