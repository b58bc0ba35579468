# raises: RuntimeError
import torch

with torch.inference_mode():
    y = torch.ones(2)
y += 1
