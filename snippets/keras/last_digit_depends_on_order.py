import torch

for dtype in torch.float32, torch.float64:
    a, b, c = torch.tensor([0.1, 0.3, 0.4], dtype=dtype)
    left, right = (a + b) + c, a + (b + c)
    print(dtype)
    print(f"  (a + b) + c = {left:.17f}")
    print(f"  a + (b + c) = {right:.17f}")
