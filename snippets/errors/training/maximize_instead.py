import torch

w = torch.ones(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5, maximize=True)
(2 * w).backward()
optimizer.step()
print(w)  # uphill: 1 + 0.5 * 2
