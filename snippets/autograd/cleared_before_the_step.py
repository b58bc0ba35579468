import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.0625)

for n in range(1, 4):
    loss = (2 * w - 6) ** 2
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    print(n, w.item(), loss.item())
