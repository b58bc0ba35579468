import torch

w = torch.tensor(1.0, requires_grad=True)
loss = (2 * w - 6) ** 2  # outside of no_grad
loss.backward()
with torch.no_grad():
    w -= 0.0625 * w.grad  # the update belongs inside
print(w)
