# raises: RuntimeError
import torch

loss = torch.ones(1, device="meta")
loss.item()
