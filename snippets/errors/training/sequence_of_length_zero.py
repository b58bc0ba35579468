# raises: RuntimeError
import torch
from torch.nn.utils.rnn import pack_padded_sequence

x = torch.ones(2, 4, 3)  # (batch, time, features)
lengths = torch.tensor([4, 0])  # the second sequence is empty
pack_padded_sequence(x, lengths, batch_first=True)
