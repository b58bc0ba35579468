import torch

w = torch.tensor([1.0, 4.0], requires_grad=True)
root = w.sqrt()
root = root + 1  # a new tensor: the old one stays whole
root.sum().backward()
print(w.grad)
