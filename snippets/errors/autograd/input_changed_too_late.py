# raises: RuntimeError
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([3.0, 4.0])
loss = (w * x).sum()
x += 1  # the gradient of w is x
loss.backward()
