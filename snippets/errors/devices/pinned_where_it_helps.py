import torch

gpu = torch.accelerator.is_available()
x = torch.ones(2, pin_memory=gpu)
print(x.is_pinned() == gpu)
