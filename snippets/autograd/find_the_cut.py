import torch

w = torch.tensor(1.0, requires_grad=True)
double = 2 * w
gap = torch.tensor(double.item() - 6)
loss = gap**2

tensors = {"double": double, "gap": gap, "loss": loss}
for name, t in tensors.items():
    print(f"{name:7} {t.requires_grad}")
