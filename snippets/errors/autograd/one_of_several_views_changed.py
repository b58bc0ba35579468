# raises: RuntimeError
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
first, second = (w * 1).unbind()
first += 1
