import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
pin = device.type not in ("cpu", "mps")  # Apple's GPU does without
x = torch.ones(2, pin_memory=pin)
print(x.is_pinned() == pin)
