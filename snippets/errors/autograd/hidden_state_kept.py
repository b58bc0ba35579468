# raises: RuntimeError
import torch
from torch import nn

rnn = nn.RNN(2, 3)
h = torch.zeros(1, 1, 3)
for _ in range(2):
    print(h.grad_fn is not None)
    y, h = rnn(torch.ones(4, 1, 2), h)
    y.sum().backward()
