# warns: UserWarning
import torch

kind = "cuda"  # as a program for a GPU has it
with torch.autocast(kind):
    print((torch.ones(2, 2) @ torch.ones(2, 2)).dtype)
