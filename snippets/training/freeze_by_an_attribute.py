from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))


def trainable():
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


print("at first:             ", trainable())
model[0].requires_grad = False  # a new attribute of the module
print("requires_grad = False:", trainable())
model[0].requires_grad_(False)
print("requires_grad_(False):", trainable())
