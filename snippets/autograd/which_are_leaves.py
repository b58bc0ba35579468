import torch
from torch import nn

x = torch.tensor([3.0, 4.0])
w = torch.tensor([1.0, 2.0], requires_grad=True)
y = w * x
tensors = {
    "x": x,
    "w": w,
    "y = w * x": y,
    "y.detach()": y.detach(),
    "w.double()": w.double(),
    "w.to('cpu'), where it is": w.to("cpu"),
    "nn.Linear(2, 1).weight": nn.Linear(2, 1).weight,
}
print(f"{'':25}is_leaf  requires_grad")
for name, t in tensors.items():
    print(f"{name:25}{t.is_leaf!s:9}{t.requires_grad}")

y.sum().backward()
print("w.grad:", w.grad)
print("x.grad:", x.grad)
