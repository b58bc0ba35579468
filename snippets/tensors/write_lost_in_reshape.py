import torch

t = torch.zeros(2, 3)
t.reshape(6)[0] = 1  # a view: t changes
t.T.reshape(6)[5] = 1  # a copy: the write is lost
print(t)
