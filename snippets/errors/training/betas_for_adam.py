import torch

w = torch.ones(1, requires_grad=True)
optimizer = torch.optim.Adam([w], lr=0.1, betas=(0.8, 0.999))
print(optimizer.param_groups[0]["betas"])
