# raises: AttributeError
import warnings

import torch

warnings.simplefilter("ignore")  # reading .grad of a result warns, too
w = torch.tensor(1.0, requires_grad=True)
w = w * 0.5  # from here on, w is a result
(w**2).backward()
print(w.is_leaf, w.grad)
w.grad.zero_()
