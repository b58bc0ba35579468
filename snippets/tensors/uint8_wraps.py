import torch

pixel = torch.tensor([200], dtype=torch.uint8)
light = torch.tensor([100], dtype=torch.uint8)

print(pixel + light)  # wrong: wraps at 256
print(pixel.int() + light)  # fixed
