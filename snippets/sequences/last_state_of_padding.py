import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

torch.manual_seed(0)
lstm = nn.LSTM(4, 3, batch_first=True)
rows = [torch.randn(5, 4), torch.randn(2, 4)]
lengths = torch.tensor([5, 2])
alone = torch.stack([lstm(row)[0][-1] for row in rows])  # one by one

x = pad_sequence(rows, batch_first=True)  # (2, 5, 4)
y, _ = lstm(x)
packed = pack_padded_sequence(
    x, lengths, batch_first=True, enforce_sorted=False
)
_, (h, _) = lstm(packed)

ways = {
    "y[:, -1]": y[:, -1],
    "y at lengths - 1": y[torch.arange(2), lengths - 1],
    "h[-1], packed": h[-1],
}
for name, last in ways.items():
    gaps = (last - alone).abs().amax(dim=1)
    print(f"{name:16}  gaps {gaps[0]:.3f} and {gaps[1]:.3f}")
