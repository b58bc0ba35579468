import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.manual_seed(0)
x = torch.ones(2, 5, 4)  # padded to 5 steps
packed = pack_padded_sequence(
    x, torch.tensor([3, 2]), batch_first=True, enforce_sorted=False
)
print("rows:       ", tuple(packed.data.shape))
print("batch sizes:", packed.batch_sizes.tolist())

y, _ = nn.LSTM(4, 1, batch_first=True)(packed)
out, lengths = pad_packed_sequence(y, batch_first=True)
print("unpacked:   ", tuple(out.shape), lengths.tolist())
print("last step:  ", out[:, -1, 0].detach() != 0)
out, _ = pad_packed_sequence(y, batch_first=True, total_length=5)
print("full length:", tuple(out.shape))
