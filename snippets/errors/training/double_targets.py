# raises: RuntimeError
import torch
from torch.nn import functional as F

w = torch.tensor([0.5, 0.5], requires_grad=True)
y = torch.ones(2, dtype=torch.float64)  # as NumPy makes them
loss = F.huber_loss(w, y)
print(loss.dtype)
loss.backward()
