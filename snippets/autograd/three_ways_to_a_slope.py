import torch


def loss_at(w):
    return (2 * w - 6) ** 2


w = torch.tensor(1.0, requires_grad=True)
loss_at(w).backward()
nudged = (loss_at(1.01) - loss_at(1.0)) / 0.01

print("autograd", w.grad.item())
print("by hand ", 2 * (2 * 1.0 - 6) * 2)
print("nudged  ", round(nudged, 2))
