# raises: ValueError
from torch import nn

model = nn.Linear(2, 1)
for p in model.parameters():
    nn.init.xavier_uniform_(p)  # the bias has one dimension
