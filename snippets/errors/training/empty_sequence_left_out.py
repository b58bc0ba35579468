import torch
from torch.nn.utils.rnn import pack_padded_sequence

x = torch.ones(2, 4, 3)
lengths = torch.tensor([4, 0])
keep = lengths > 0
packed = pack_padded_sequence(x[keep], lengths[keep], batch_first=True)
print(packed.batch_sizes)
