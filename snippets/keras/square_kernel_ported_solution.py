import torch
from torch import nn

kernel = torch.tensor([[1.0, 2.0], [3.0, 4.0]])  # of Dense: x @ kernel
linear = nn.Linear(2, 2, bias=False)
weight = linear.weight

# Your code:
# ...  # change linear.weight
with torch.no_grad():
    linear.weight.copy_(kernel.T)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


total = round(linear.weight.sum().item(), 3)
check(total == 10, "linear.weight does not hold the numbers of the kernel.")
x = torch.tensor([[1.0, 0.0]])
said, wanted = linear(x)[0].tolist(), (x @ kernel)[0].tolist()
check(said != [1, 3], "the answer is [1.0, 3.0]: the matrix is not turned.")
check(said == wanted, f"the answer is {said}, and that of Dense {wanted}.")
check(linear.weight is weight, "the parameter is another one: copy in place.")
check(weight.requires_grad, "the weight does not train any more.")
second = linear(x.flip(1))[0].tolist()
check(second == [3, 4], f"the second row of the kernel gives {second}.")
print("Right: both answer", said)
