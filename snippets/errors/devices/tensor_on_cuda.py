# raises: AssertionError
import torch

x = torch.ones(3)
x = x.cuda()
