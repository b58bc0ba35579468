# raises: ValueError
import torch

rows = [[1, 2], [3]]
torch.tensor(rows)
