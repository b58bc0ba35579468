# raises: RuntimeError
import torch

w = torch.tensor(1.0)
loss = (2 * w - 6) ** 2
print(loss.grad_fn)
loss.backward()
