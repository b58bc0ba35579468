import torch

w = torch.tensor(1.0, requires_grad=True)
x, y = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 6.0])
loss = ((w * x - y) ** 2).mean()
print(loss.item())
loss.backward()
print(w.grad.item())
