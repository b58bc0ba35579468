import copy

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 1)

# Your code:
# best = ...  # a copy; the module copy is imported, if you need it
best = copy.deepcopy(model.state_dict())


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(best is not ..., "write your expression in place of the three dots.")
names = list(best) if isinstance(best, dict) else type(best).__name__
check(names == ["weight", "bias"], f"best is {names}, not weight and bias.")
before = model.weight.sum().item()
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
model(torch.ones(1, 3)).sum().backward()
optimizer.step()  # training goes on
model.load_state_dict(best)
why = "best holds the tensors of the model, not copies."
check(model.weight.sum().item() == before, f"the weights moved on: {why}")
print("Right: the old weights are back")
