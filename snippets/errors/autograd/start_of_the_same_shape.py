import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
losses = w * 2
losses.backward(torch.ones_like(losses))
print(w.grad)
