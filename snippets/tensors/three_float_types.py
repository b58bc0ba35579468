import torch

for dtype in (torch.float32, torch.float16, torch.bfloat16):
    print(dtype)
    for text, x, step in [
        ("  256 + 1      ", 256.0, 1.0),
        ("  2048 + 1     ", 2048.0, 1.0),
        ("  65504 + 16   ", 65504.0, 16.0),
        ("  2 ** -30 + 0 ", 2.0**-30, 0.0),
    ]:
        total = torch.tensor(x, dtype=dtype) + step
        print(text, total.item())
    print("  1 / 3        ", (torch.ones((), dtype=dtype) / 3).item())
