import torch
from torch.nn.utils.rnn import pack_padded_sequence

x = torch.ones(2, 3, 1)  # (batch, time, features)
packed = pack_padded_sequence(
    x, [1, 3], batch_first=True, enforce_sorted=False
)
print(packed.batch_sizes)  # examples at each step
