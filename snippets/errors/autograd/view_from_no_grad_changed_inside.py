import torch

w = torch.zeros(3, requires_grad=True)
with torch.no_grad():
    first = w[:1]
    first += 1
print(w)
