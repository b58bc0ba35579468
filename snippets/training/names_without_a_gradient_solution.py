import torch
from torch import nn

torch.manual_seed(0)
model = nn.ModuleDict({"used": nn.Linear(2, 2), "left": nn.Linear(2, 2)})
hidden = model["used"](torch.ones(4, 2)).square().neg()
hidden.relu().sum().backward()  # relu of what is below 0: the slope is 0

# Your code:
# silent = ...  # a list of names
silent = [name for name, p in model.named_parameters() if p.grad is None]


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(silent is not ..., "write your expression in place of the three dots.")
check(isinstance(silent, list), "silent is no list.")
check(silent != ["left"], "a layer has two parameters: name each of them.")
check(silent, "silent is empty, but each parameter does require a gradient.")
why = "its gradient is 0, and not None."
check("used.weight" not in silent, f"used.weight took part: {why}")
names = sorted(map(str, silent))
check(names == ["left.bias", "left.weight"], f"silent is {silent}.")
print("Right:", *silent)
