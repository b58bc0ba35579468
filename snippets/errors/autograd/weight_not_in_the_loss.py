# raises: AttributeError
import torch

w = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
loss = (2 * w - 6) ** 2  # b is not in it
loss.backward()
print(b.is_leaf, b.grad)
b.grad.zero_()
