import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")

a = torch.tensor([[1.0, 2.0], [3.0, 4.0]], device=device)
b = torch.tensor([10.0, 1.0], device=device)

print(device.type)
print(a @ b)
