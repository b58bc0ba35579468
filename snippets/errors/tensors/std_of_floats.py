import torch

print(torch.tensor([1, 3]).float().std(correction=0))
