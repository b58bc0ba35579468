import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
x = torch.ones(2, device=device)

print("chosen:", device)
print("x is on:", x.device)
print("same type:", x.device.type == device.type)
equal = torch.device("cuda") == torch.device("cuda:0")
print("cuda equals cuda:0:", equal)
