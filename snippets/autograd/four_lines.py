import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.0625)

loss = (2 * w - 6) ** 2
print(f"forward    w={w}  w.grad={w.grad}")
loss.backward()
print(f"backward   w={w}  w.grad={w.grad}")
optimizer.step()
print(f"step       w={w}  w.grad={w.grad}")
optimizer.zero_grad()
print(f"zero_grad  w={w}  w.grad={w.grad}")
