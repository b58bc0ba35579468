# raises: TypeError
import torch

torch.ones(2, device="meta").numpy()
