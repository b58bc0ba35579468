import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
first, second = (w * 1).unbind()
first = first + 1
print(first, second)
