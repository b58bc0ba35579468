import torch

w = torch.tensor(2.0, requires_grad=True)
(slope,) = torch.autograd.grad(w**3, w, create_graph=True)
slope.backward()
print(slope.item(), w.grad)
