import torch

t = torch.tensor([0.00012, 0.5, 1234.5678])
print(t)
print(t[1])
print(t[1].item(), t.tolist()[1])
print(f"{t[2]:.1f}")

torch.set_printoptions(precision=2, sci_mode=False)
print(t)
