from torch import nn

model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
print(model[0].weight.shape)
print([name for name, _ in model.named_parameters()])
