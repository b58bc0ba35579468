# warns: UserWarning
from torch import nn

layer = nn.TransformerEncoderLayer(d_model=4, nhead=2)
model = nn.TransformerEncoder(layer, num_layers=1)
