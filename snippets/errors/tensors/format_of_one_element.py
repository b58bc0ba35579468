# raises: TypeError
import torch

loss = torch.tensor([0.125])
print(f"{loss:.2f}")
