# raises: RuntimeError
import torch

start = torch.cuda.Event(enable_timing=True)
start.record()
