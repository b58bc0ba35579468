import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
model = nn.Conv2d(1, 1, kernel_size=3).to(device)
for x in torch.ones(2, 1, 1, 5, 5):
    x = x.to(device)
    print(model(x).shape, model(x).device == x.device)
