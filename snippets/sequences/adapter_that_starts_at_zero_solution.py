import torch
from torch import nn

torch.manual_seed(0)
x, wanted = torch.randn(5, 6), torch.randn(5, 3)
base = nn.Linear(6, 3).requires_grad_(False)

# Your code:
# A = ...  # (2, 6), trains
# B = ...  # (3, 2), trains
A = nn.Parameter(torch.randn(2, 6))
B = nn.Parameter(torch.zeros(3, 2))


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


for part, size in ((A, (2, 6)), (B, (3, 2))):
    check(part is not ..., "write two expressions in place of the dots.")
    kind = type(part).__name__
    check(torch.is_tensor(part), f"the matrix of {size} is a {kind}.")
    shape = tuple(part.shape)
    check(shape == size, f"a shape is {shape}, not {size}.")
    check(part.requires_grad, f"the matrix of {size} does not train.")
    why = "multiply first, then make a parameter of it."
    check(part.is_leaf, f"the matrix of {size} is a result: {why}")
change = x @ A.T @ B.T
check(not change.any(), "the adapter changes the output before it learned.")
nn.functional.mse_loss(base(x) + change, wanted).backward()
moves = bool(A.grad.any()) or bool(B.grad.any())
check(moves, "both gradients are zero, so the adapter can never learn.")
print("Right: no change at first, and a gradient")
