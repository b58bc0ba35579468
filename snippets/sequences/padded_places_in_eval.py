import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")  # eval uses a prototype, and warns of it
torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
encoder = nn.TransformerEncoder(layer, num_layers=2)
x = torch.randn(1, 4, 8)
real = torch.tensor([[True, True, True, False]])

with torch.no_grad():
    train = encoder.train()(x, src_key_padding_mask=~real)
    evaluated = encoder.eval()(x, src_key_padding_mask=~real)
gaps = (train - evaluated).abs().amax(dim=2)[0]
print("gap at each place:", [round(gap, 3) for gap in gaps.tolist()])
gap = (train.mean(dim=1) - evaluated.mean(dim=1)).abs().max()
print(f"gap of the means:  {gap:.3f}")
