# raises: RuntimeError
import torch

print(torch.cuda.memory_allocated())
print(torch.accelerator.memory_allocated())
