from torch.utils.data import random_split

data = list(range(11))
train, test = random_split(data, [0.8, 0.2])
print(len(train), len(test))
