# raises: RuntimeError
import torch

torch.tensor([6, 7]) // 0
