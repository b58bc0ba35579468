import torch
from torch import nn
from torch.nn import functional as F

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
model = nn.Linear(3, 3).to(device)
x = torch.ones(2, 3, device=device)
labels = torch.tensor([0, 2], device=device)

with torch.autocast(device.type, dtype=torch.bfloat16):
    y = model(x)
    loss = F.cross_entropy(y, labels)
loss.backward()

print("weight:  ", model.weight.dtype)
print("y:       ", y.dtype)
print("y + x:   ", (y + x).dtype)
print("softmax: ", y.softmax(1).dtype)
print("loss:    ", loss.dtype)
print("gradient:", model.weight.grad.dtype)
