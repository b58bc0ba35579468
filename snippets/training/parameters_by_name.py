from torch import nn

model = nn.Sequential(
    nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10)
)
total = 0
for name, weight in model.named_parameters():
    print(f"{name:9}{tuple(weight.shape)!s:10}{weight.numel():5}")
    total += weight.numel()
print("in all", total)
