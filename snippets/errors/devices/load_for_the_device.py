import io

import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
file = io.BytesIO()
torch.save(torch.ones(2), file)
file.seek(0)
x = torch.load(file, map_location=device)
print(x.device.type == device.type)
