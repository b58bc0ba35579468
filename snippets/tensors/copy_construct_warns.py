# warns: UserWarning
import torch

t = torch.ones(2)
print(t.detach().clone())
copy = torch.tensor(t)  # the same copy, and a warning
