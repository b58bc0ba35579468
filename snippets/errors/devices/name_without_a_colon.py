# raises: RuntimeError
import torch

torch.device("cuda0")
