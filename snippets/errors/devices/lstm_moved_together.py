import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
model = nn.LSTM(2, 4).to(device)
output, state = model(torch.ones(5, 1, 2, device=device))
print(output.shape)
