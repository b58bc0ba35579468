# raises: AssertionError
import torch

torch.ones(2, device="xpu")
