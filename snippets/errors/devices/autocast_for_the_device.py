import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
x = torch.ones(2, 2, device=device)
with torch.autocast(device.type, dtype=torch.bfloat16):
    print((x @ x).dtype)
