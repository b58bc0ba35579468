import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
data = torch.arange(5)
order = torch.tensor([2, 0], device=device)
print(data[order.to(data.device)])
