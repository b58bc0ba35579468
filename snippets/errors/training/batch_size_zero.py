# raises: ValueError
from torch.utils.data import DataLoader

data = [1.0, 2.0, 3.0]
DataLoader(data, batch_size=len(data) // 8)
