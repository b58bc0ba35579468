# warns: UserWarning
import torch
import torch.nn.functional as F

matrix, batch = torch.zeros(2, 4), torch.zeros(2, 4, 4)
print(F.softmax(matrix)[0])  # over the last dimension
print(F.softmax(batch)[0, 0])  # over the first
print(F.softmax(batch, dim=-1)[0, 0])
