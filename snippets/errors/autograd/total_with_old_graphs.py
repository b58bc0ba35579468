# raises: RuntimeError
import torch

w = torch.tensor(1.0, requires_grad=True)
total = 0
for _ in range(2):
    total += (2 * w - 6) ** 2  # also holds the loss of the last round
    total.backward()
