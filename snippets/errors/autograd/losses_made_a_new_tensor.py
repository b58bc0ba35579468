# warns: UserWarning
import torch

w = torch.tensor(1.0, requires_grad=True)
losses = torch.tensor([w * 2, w * 3])
print(losses.requires_grad)
