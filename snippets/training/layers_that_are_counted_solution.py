import torch
from torch import nn


# Your code:
# class Net(nn.Module):
#     def __init__(self):
#         super().__init__()
#         self.hidden = [nn.Linear(4, 4), nn.Linear(4, 4)]
#         self.head = nn.Linear(4, 2)
#
#     def forward(self, x):
#         for layer in self.hidden:
#             x = layer(x).relu()
#         return self.head(x)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 4)])
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        for layer in self.hidden:
            x = layer(x).relu()
        return self.head(x)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


model = Net()
out = model(torch.ones(5, 4))
check(out is not None, "forward returns nothing.")
check(out.shape == (5, 2), f"the output has the shape {tuple(out.shape)}.")
out.sum().backward()
layers = sum(isinstance(one, nn.Linear) for one in model.modules())
why = "one is there twice, or still hidden in a list."
check(layers != 2, f"2 of 3 layers are counted: {why}")
why = "a module does not look into a Python list."
check(layers > 1, f"{layers} of 3 layers are counted: {why}")
check(layers == 3, f"{layers} layers are counted, and the model has 3.")
count = sum(p.numel() for p in model.parameters())
check(count == 50, f"there are {count} parameters, not 20 + 20 + 10.")
used = all(p.grad is not None for p in model.parameters())
check(used, "forward does not use all of the layers.")
print("Right:", count, "parameters")
