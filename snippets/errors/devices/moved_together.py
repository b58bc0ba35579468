import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
model = nn.Linear(3, 1).to(device)
x = torch.ones(2, 3).to(device)
print(model(x).device == x.device)
