import torch

a = torch.tensor([[2.0, 1.0], [1.0, 2.0]])
print([round(v) for v in torch.linalg.eigvalsh(a).tolist()])

half = torch.tensor([[2.0, 1.0], [0.0, 2.0]])  # upper half only
for name in ("L", "U"):
    values = torch.linalg.eigvalsh(half, UPLO=name).tolist()
    print(name, [round(v) for v in values])
