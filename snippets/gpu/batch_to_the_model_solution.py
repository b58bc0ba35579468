import torch
from torch import nn


# Your code:
# def moved(batch, model):
#     ...  # a dictionary of tensors on the device of the model
def moved(batch, model):
    device = next(model.parameters()).device
    return {name: value.to(device) for name, value in batch.items()}


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


batch = {"x": torch.ones(2, 3), "y": torch.zeros(2)}
for device in ("cpu", "meta"):
    there = moved(batch, nn.Linear(3, 1, device=device))
    check(there is not None, "moved returns nothing: return a dictionary.")
    check(isinstance(there, dict), "moved does not return a dictionary.")
    check(there.keys() == batch.keys(), f"it returns {list(there)}.")
    where = {name: value.device.type for name, value in there.items()}
    why = "to() returns a tensor and moves none."
    check(set(where.values()) == {device}, f"for {device}: {where}; {why}")
check(batch["x"].device.type == "cpu", "the batch that was given has changed.")
print("Right: x and y are on", device)
