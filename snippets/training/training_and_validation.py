import torch
from torch.utils.data import DataLoader, random_split

g = torch.Generator().manual_seed(0)
training, validation = random_split(range(10), [0.8, 0.2], generator=g)

train_loader = DataLoader(training, batch_size=4, shuffle=True, generator=g)
valid_loader = DataLoader(validation, batch_size=4)
for _ in range(2):
    print("train", [batch.tolist() for batch in train_loader])
    print("valid", [batch.tolist() for batch in valid_loader])
