import torch
from torch.nn.utils.rnn import pad_sequence

rows = [[1, 2], [3]]
tensors = [torch.tensor(row) for row in rows]
print(pad_sequence(tensors, batch_first=True))
