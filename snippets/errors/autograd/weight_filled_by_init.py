from torch import nn

layer = nn.Linear(2, 1)
nn.init.constant_(layer.weight, 0.5)
print(layer.weight.tolist(), layer.weight.requires_grad)
