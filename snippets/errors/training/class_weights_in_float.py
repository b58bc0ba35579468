import numpy as np
import torch
from torch.nn import functional as F

scores, y = torch.zeros(2, 3), torch.tensor([0, 2])
weight = torch.from_numpy(np.array([1.0, 9.0, 1.0]))
print(F.cross_entropy(scores, y, weight.float()))
