# raises: RuntimeError
from torch.utils.data import DataLoader

words = [[4, 8, 2], [7, 1]]  # two sentences, as lists of numbers
next(iter(DataLoader(words, batch_size=2)))
