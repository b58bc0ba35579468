# raises: RuntimeError
import torch

w = torch.tensor([1.0, 4.0], requires_grad=True)
root = w.sqrt()  # backward will need this result
root += 1
root.sum().backward()
