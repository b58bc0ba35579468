import torch

w = torch.zeros(3, requires_grad=True)
with torch.no_grad():
    w[0] = 1.0
print(w)
