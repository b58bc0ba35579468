from torch import nn

width = 6
print(nn.Linear(width // 2, 1))
