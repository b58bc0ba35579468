import torch
from torch import nn

body = nn.Sequential(
    nn.Conv2d(3, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()
)
with torch.no_grad():
    features = body(torch.zeros(1, 3, 32, 32)).shape[1]
print(features, "=", 16 * 15 * 15)
model = nn.Sequential(body, nn.Linear(features, 10))

pooled = nn.Sequential(
    *body[:3], nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10)
)
for size in (32, 50):
    print(size, list(pooled(torch.zeros(1, 3, size, size)).shape))
