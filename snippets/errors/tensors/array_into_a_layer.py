# raises: TypeError
import numpy as np
from torch import nn

x = np.ones((1, 2))
nn.Linear(2, 1)(x)
