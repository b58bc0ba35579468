# raises: ValueError
import torch

torch.tensor([2**63])
