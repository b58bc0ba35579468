import torch

w = torch.tensor(1.0, requires_grad=True)
losses = torch.stack([w * 2, w * 3])
losses.sum().backward()
print(losses.requires_grad, w.grad)
