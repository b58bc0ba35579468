import torch

torch.manual_seed(0)
whole = {"weight": torch.randn(5, 2), "bias": torch.randn(5)}
files = [  # what three ranks wrote: some of the rows of each
    {name: w[first : first + 2] for name, w in whole.items()}
    for first in (0, 2, 4)
]

# Your code:
# state = ...  # a dictionary of the whole weights
state = {name: torch.cat([one[name] for one in files]) for name in files[0]}


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(state is not ..., "write your expression in place of the three dots.")
is_dict = isinstance(state, dict)
check(is_dict, f"state is a {type(state).__name__}, no dictionary.")
check(state.keys() == whole.keys(), f"state has the names {list(state)}.")
for name, w in state.items():
    check(torch.is_tensor(w), f"{name} is a {type(w).__name__}, no tensor.")
    why = "the rows of all ranks follow one another."
    check(len(w) == 5, f"{name} has {len(w)} rows, not 5: {why}")
    check(w.shape == whole[name].shape, f"{name} has another shape.")
    check(torch.equal(w, whole[name]), f"{name}: rows are in another order.")
print("Right: 5 rows came from", [len(one["bias"]) for one in files])
