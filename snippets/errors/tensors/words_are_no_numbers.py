# raises: ValueError
import torch

torch.tensor(["cat", "dog", "cat"])
