import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)
(w * 2).backward()
optimizer.step()
print(w)  # 1 - 0.5 * 2
