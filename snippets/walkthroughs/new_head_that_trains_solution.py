import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 10))
body = model[0].weight

# Your code:
# ...  # freeze the body, and replace the last layer of model
model.requires_grad_(False)
model[2] = nn.Linear(8, 3)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


out = model(torch.ones(2, 4))
check(out.shape != (2, 10), "the model still has ten classes.")
check(out.shape == (2, 3), f"the output has the shape {tuple(out.shape)}.")
held = any(p is body for p in model.parameters())
check(held, "the body is not the trained one any more.")
check(out.requires_grad, "nothing trains: the new layer is frozen, too.")
check(not body.requires_grad, "the body still trains.")
trains = [name for name, p in model.named_parameters() if p.requires_grad]
sizes = [tuple(p.shape) for p in model.parameters() if p.requires_grad]
check(sizes == [(3, 8), (3,)], f"these train: {trains}.")
print("Right:", *trains)
