# raises: TypeError
import torch

w = torch.ones(1, requires_grad=True)
torch.optim.Adam([w], lr=0.1, momentum=0.8)
