import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
model = nn.Linear(16, 64, bias=False).to(device)

held = 0
if torch.accelerator.is_available():
    held = torch.accelerator.memory_allocated()

print("weights on:", next(model.parameters()).device.type)
print("bytes held by the accelerator:", held)
