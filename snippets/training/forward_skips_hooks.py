import torch
from torch import nn

calls = []
model = nn.Linear(2, 1)
model.register_forward_hook(lambda *args: calls.append("hook"))
x = torch.ones(3, 2)

model(x)
print("after model(x):        ", calls)
model.forward(x)
print("after model.forward(x):", calls)
