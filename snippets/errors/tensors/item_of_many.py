# raises: RuntimeError
import torch

losses = torch.tensor([1.0, 2.0])
losses.item()
