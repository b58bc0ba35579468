# raises: AttributeError
import torch

seen = torch.tensor([])
seen.append(torch.tensor(0.5))
