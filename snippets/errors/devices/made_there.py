import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
x = torch.tensor([1.0, 2.0], device=device)
print(x.dtype, x.device.type == device.type)
