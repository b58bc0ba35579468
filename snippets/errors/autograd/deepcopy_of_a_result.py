# raises: RuntimeError
import copy

import torch

w = torch.ones(2, requires_grad=True)
best = copy.deepcopy(w * 2)
