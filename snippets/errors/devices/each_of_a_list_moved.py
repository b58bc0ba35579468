import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
batch = [torch.ones(2), torch.zeros(2)]
x, y = [t.to(device) for t in batch]
print(x.device == y.device)
