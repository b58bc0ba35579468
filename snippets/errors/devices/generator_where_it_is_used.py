import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
generator = torch.Generator(device).manual_seed(0)
x = torch.rand(2, generator=generator, device=device)
print(x.shape, x.device.type == device.type)
