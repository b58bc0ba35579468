import torch
from torch import nn

plain = nn.ModuleDict({"module": nn.Linear(2, 2), "out": nn.Linear(2, 1)})
saved = nn.DataParallel(plain).state_dict()  # names begin with module.

# Your code:
# renamed = ...  # the same weights, by the names of plain
renamed = {name.removeprefix("module."): w for name, w in saved.items()}


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(renamed is not ..., "write your expression in place of the three dots.")
is_dict = isinstance(renamed, dict)
check(is_dict, f"renamed is a {type(renamed).__name__}, no dictionary.")
wanted = plain.state_dict()
missing = sorted(wanted.keys() - renamed.keys())
why = "take away module. once, and only at the beginning."
check(not missing, f"no weights by the names {missing}: {why}")
more = sorted(renamed.keys() - wanted.keys())
check(not more, f"plain has no {more}.")
for name, w in renamed.items():
    check(torch.is_tensor(w), f"{name} is a {type(w).__name__}, no tensor.")
    check(torch.equal(w, wanted[name]), f"{name} holds other numbers.")
print("Right:", plain.load_state_dict(renamed))
