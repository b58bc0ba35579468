# raises: RuntimeError
import torch

torch.cuda.Event(enable_timing=True)
