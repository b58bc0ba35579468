# raises: ValueError
import torch

batches = []  # the loop never ran
torch.cat(batches)
