# raises: RuntimeError
import torch

w = torch.tensor(3.0, requires_grad=True)
loss = w**2
with torch.no_grad():
    w += 1
loss.backward()
