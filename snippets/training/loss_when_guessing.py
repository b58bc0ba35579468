import math

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
N, C, T = 64, 10, 5  # samples, classes, places
several = F.binary_cross_entropy_with_logits
tasks = {
    "one class": (F.cross_entropy, (N, C), torch.randint(C, (N,))),
    "each place": (F.cross_entropy, (N, C, T), torch.randint(C, (N, T))),
    "yes or no": (several, (N,), torch.randint(2, (N,)).float()),
    "many labels": (several, (N, C), torch.randint(2, (N, C)).float()),
}
for task, (loss, shape, y) in tasks.items():
    value = loss(torch.zeros(shape), y)
    print(f"{task:12}{value:.3f}  {shape} and {tuple(y.shape)}, {y.dtype}")
print(f"log 10 is {math.log(10):.3f}, log 2 is {math.log(2):.3f}")

x, y = torch.randn(N, 20), tasks["one class"][2]
model = nn.Linear(20, C)
print(f"new network:       {F.cross_entropy(model(x), y):.2f}")
print(f"inputs times 100: {F.cross_entropy(model(100 * x), y):.2f}")
