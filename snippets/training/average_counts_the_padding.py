import torch
from torch import nn

x = torch.ones(1, 1, 5)
settings = {"kernel_size": 3, "stride": 1, "padding": 1}
print(nn.AvgPool1d(**settings)(x))
print(nn.AvgPool1d(**settings, count_include_pad=False)(x))
