import torch

t = torch.arange(6)
sliced = t[1:4]
picked = t[[1, 2, 3]]
print(sliced.tolist(), picked.tolist())

sliced[0] = 100
picked[0] = 200
print(t.tolist())
