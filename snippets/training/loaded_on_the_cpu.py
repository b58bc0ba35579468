import io

import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")

file = io.BytesIO()
torch.save(nn.Linear(2, 1).to(device).state_dict(), file)

file.seek(0)
saved = torch.load(file, map_location="cpu")
print(saved["weight"].device)

model = nn.Linear(2, 1)
model.load_state_dict(saved)
model.to(device)
