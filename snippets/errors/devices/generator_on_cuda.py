# raises: RuntimeError
import torch

torch.Generator("cuda")
