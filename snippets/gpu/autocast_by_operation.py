import torch
from torch.nn import functional as F

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
x = torch.ones(4, 4, device=device)
half = x.bfloat16()
labels = torch.zeros(4, dtype=torch.int64, device=device)

with torch.autocast(device.type, dtype=torch.bfloat16):
    results = {
        "x @ x": x @ x,
        "linear": F.linear(x, x),
        "x + x": x + x,
        "half + x": half + x,
        "relu of half": half.relu(),
        "softmax of half": half.softmax(1),
        "exp of half": half.exp(),
        "layer norm of half": F.layer_norm(half, (4,)),
        "mse loss of half": F.mse_loss(half, half),
        "cross entropy of half": F.cross_entropy(half, labels),
    }
for name, result in results.items():
    print(f"{name:22}", str(result.dtype)[6:])
