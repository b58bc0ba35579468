# raises: RuntimeError
import torch

torch.ones(2, pin_memory=True)
