# warns: UserWarning
import torch

batch = torch.zeros(10, 2, 3)  # ten matrices
print(batch.mT.shape)
print(batch.T.shape)
