# raises: TypeError
import torch

torch.cuda.FloatTensor([1.0, 2.0])
