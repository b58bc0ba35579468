import torch

t = torch.zeros(2, 3)
row = t[0]
row[1:][0] = 9
print(t)

safe = t[1].clone()
safe[0] = 5
print(t)
