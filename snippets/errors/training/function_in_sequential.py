# raises: TypeError
from torch import nn
from torch.nn import functional as F

nn.Sequential(nn.Linear(2, 3), F.relu, nn.Linear(3, 1))
