# raises: RuntimeError
import torch

scores = torch.tensor([-1.0, 1.0])
torch.multinomial(scores, 1)
