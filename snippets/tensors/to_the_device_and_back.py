import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")

t = torch.arange(3.0).to(device)
doubled = t * 2
print(doubled.cpu())
