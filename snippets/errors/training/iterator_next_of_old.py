# raises: AttributeError
from torch.utils.data import DataLoader

loader = DataLoader([1, 2, 3, 4], batch_size=2)
iter(loader).next()
