import torch
from torch.nn.utils.rnn import pad_sequence

parts = [torch.ones(2), torch.ones(3)]
print(torch.cat(parts))  # one after the other
print(pad_sequence(parts, batch_first=True))
