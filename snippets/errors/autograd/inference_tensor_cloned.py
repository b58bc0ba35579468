import torch

with torch.inference_mode():
    y = torch.ones(2)
y = y.clone()
y += 1
print(y)
