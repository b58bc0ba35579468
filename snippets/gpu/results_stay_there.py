import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
x = torch.tensor([1.0, 2.0, 3.0], device=device)
y = x * 2

print("y is where x is:", y.device == x.device)
print("a tensor on the CPU:", y.cpu())
print("a list of numbers:", y.tolist())
print("one number:", y.sum().item())
