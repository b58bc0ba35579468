# raises: AttributeError
import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)

loss = (w**2).sum() / 2
loss.backward()
optimizer.step()
optimizer.zero_grad()
print(w.grad.norm())
