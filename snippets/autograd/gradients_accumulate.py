import torch

w = torch.zeros(3, requires_grad=True)
x = torch.tensor([1.0, 2.0, 3.0])

for _ in range(3):
    loss = (w * x).sum()
    loss.backward()
    print(w.grad.tolist())
