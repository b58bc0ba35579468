# raises: ValueError
import torch

w = torch.ones(1, requires_grad=True)
torch.optim.SGD([w], lr=-0.1)
