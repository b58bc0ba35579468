# raises: RuntimeError
import torch
from torch.nn.utils.rnn import pack_padded_sequence

x = torch.ones(2, 3, 1)  # (batch, time, features)
pack_padded_sequence(x, [1, 3], batch_first=True)
