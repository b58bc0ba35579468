import torch

for name in ("half", "float", "double", "short", "int", "long", "cfloat"):
    print(f"torch.{name:6} is {getattr(torch, name)}")
print(torch.ones(1).type())
