import torch
from torch import nn

rnn = nn.RNN(2, 3)
h = torch.zeros(1, 1, 3)
for _ in range(2):
    h = h.detach()  # keeps the numbers, forgets their graph
    y, h = rnn(torch.ones(4, 1, 2), h)
    y.sum().backward()
print(rnn.weight_ih_l0.grad.shape)
