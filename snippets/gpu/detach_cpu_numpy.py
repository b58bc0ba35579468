import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
model = nn.Linear(3, 1).to(device)
nn.init.ones_(model.weight)
nn.init.zeros_(model.bias)

y = model(torch.ones(2, 3, device=device))
print(y.detach().cpu().numpy())
