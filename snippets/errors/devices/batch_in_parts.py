import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
model = nn.Linear(3, 1).to(device)
x = torch.ones(64, 3, device=device)
with torch.no_grad():  # no graph: less memory, too
    whole = model(x)
    parts = torch.cat([model(part) for part in x.split(16)])
print(torch.allclose(whole, parts))
