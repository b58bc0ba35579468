from torch import nn

model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
for p in model.parameters():
    nn.init.xavier_uniform_(p) if p.dim() > 1 else nn.init.zeros_(p)
print(model[0].bias.tolist())
