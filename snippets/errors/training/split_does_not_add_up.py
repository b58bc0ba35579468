# raises: ValueError
from torch.utils.data import random_split

data = list(range(11))
train, test = random_split(data, [8, 2])
