import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)

for _ in range(2):
    optimizer.zero_grad()
    loss = (w**2).sum() / 2
    loss.backward()
    optimizer.step()
    print(w.grad.norm())
