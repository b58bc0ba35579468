import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")

with torch.device("meta"):
    model = nn.Linear(3, 1)

model.to_empty(device=device)
weights = {"weight": torch.ones(1, 3), "bias": torch.zeros(1)}
model.load_state_dict(weights)
print(model(torch.ones(2, 3, device=device)).tolist())
