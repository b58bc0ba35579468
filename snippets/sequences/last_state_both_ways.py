import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

torch.manual_seed(0)
lstm = nn.LSTM(4, 3, batch_first=True, bidirectional=True)
rows = [torch.randn(5, 4), torch.randn(2, 4)]
lengths = torch.tensor([5, 2])
states = [lstm(row)[1][0] for row in rows]  # of each, (2, 3)
alone = torch.stack([torch.cat((h[0], h[1])) for h in states])

x = pad_sequence(rows, batch_first=True)
y, (h, _) = lstm(x)
_, (h_packed, _) = lstm(
    pack_padded_sequence(x, lengths, True, enforce_sorted=False)
)
ways = {
    "y at lengths - 1": y[torch.arange(2), lengths - 1],
    "h, not packed": torch.cat((h[-2], h[-1]), dim=1),
    "h, packed": torch.cat((h_packed[-2], h_packed[-1]), dim=1),
}
for name, last in ways.items():
    gaps = (last - alone).abs().amax(dim=1)
    print(f"{name:16}  gaps {gaps[0]:.3f} and {gaps[1]:.3f}")
