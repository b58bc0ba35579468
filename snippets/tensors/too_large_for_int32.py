# raises: RuntimeError
import torch

print(torch.tensor(2**40))
torch.tensor(2**40, dtype=torch.int32)
