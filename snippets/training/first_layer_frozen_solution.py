import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))

# Your code:
# ...  # freeze all parameters of model[0]
model[0].requires_grad_(False)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


first, last = model[0], model[2]
check(last.weight.requires_grad, "the last layer is frozen, too.")
model(torch.ones(2, 4)).sum().backward()
still = [name for name, p in first.named_parameters() if p.grad is not None]
check(still != ["bias"], "the weight is frozen, but the bias is not.")
check(still != ["weight"], "the bias is frozen, but the weight is not.")
check(not still, "weight and bias of the first layer still get gradients.")
check(last.weight.grad is not None, "the last layer gets no gradient.")
print("Right: only the last layer gets gradients")
