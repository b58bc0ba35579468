# warns: UserWarning
from torch import nn

model = nn.LSTM(4, 3, dropout=0.5)
