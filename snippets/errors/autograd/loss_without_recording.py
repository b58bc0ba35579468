# raises: RuntimeError
import torch

w = torch.tensor(1.0, requires_grad=True)
with torch.no_grad():
    print(torch.is_grad_enabled())
    loss = (2 * w - 6) ** 2
loss.backward()
