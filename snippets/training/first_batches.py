import torch
from torch.utils.data import DataLoader, TensorDataset

x = torch.arange(10.0).reshape(5, 2)  # five samples of two numbers
y = torch.tensor([0, 1, 0, 1, 0])

loader = DataLoader(TensorDataset(x, y), batch_size=2)
for x_batch, y_batch in loader:
    print(x_batch.tolist(), y_batch.tolist())
