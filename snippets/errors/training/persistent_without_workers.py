# raises: ValueError
from torch.utils.data import DataLoader

DataLoader([1, 2, 3], persistent_workers=True)
