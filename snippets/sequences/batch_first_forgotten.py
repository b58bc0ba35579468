import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(2, 5, 4)  # (batch, time, features)
for batch_first in [True, False]:
    lstm = nn.LSTM(4, 3, batch_first=batch_first)
    y, _ = lstm(x)
    alone, _ = lstm(x[1:])
    gap = (y[1] - alone[0]).abs().max()
    print(f"batch_first={batch_first}: {tuple(y.shape)}, gap {gap:.3f}")
