import torch
from torch import nn

model = nn.Sequential(nn.Linear(3, 2))
weight = torch.arange(6.0).reshape(3, 2)  # (inputs, outputs), as GPT-2
saved = {"h.c_fc.weight": weight, "h.c_fc.bias": torch.ones(2)}

# Your code:
# weights = ...  # a dictionary for model.load_state_dict
weights = {"0.weight": saved["h.c_fc.weight"].T, "0.bias": torch.ones(2)}


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(weights is not ..., "write your dictionary in place of the three dots.")
kind = type(weights).__name__
check(isinstance(weights, dict), f"weights is a {kind}, no dictionary.")
names = [*model.state_dict()]
found = sorted(map(str, weights))
check(found == sorted(names), f"the names are {found}, not {names}.")
both = all(map(torch.is_tensor, weights.values()))
check(both, "the dictionary holds something that is no tensor.")
shape = tuple(weights["0.weight"].shape)
why = "nn.Linear stores (outputs, inputs): turn it over."
check(shape == (2, 3), f"the weight has the shape {shape}; {why}")
shape = tuple(weights["0.bias"].shape)
check(shape == (2,), f"the bias has the shape {shape}, not (2,).")
bias = weights["0.bias"].tolist()
check(bias == [1, 1], f"the bias is {bias}, not that of the file.")
model.load_state_dict(weights)
answer, wanted = model(torch.eye(3)).tolist(), (weight + 1).tolist()
why = "reshape mixes the numbers: take .T"
check(answer == wanted, f"the model answers {answer}, not {wanted}: {why}")
print("Right: the model answers", answer)
