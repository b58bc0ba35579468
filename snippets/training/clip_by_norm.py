import torch

w = torch.zeros(2, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1.0)

loss = (torch.tensor([3.0, 4.0]) * w).sum()
loss.backward()
print("gradient:", w.grad)

norm = torch.nn.utils.clip_grad_norm_([w], max_norm=1.0)
print("norm before:", norm)
print("clipped: ", w.grad)

optimizer.step()
print("w:", w.detach())
