# raises: RuntimeError
import torch
from torch.utils.data import DataLoader

sentences = [torch.tensor([5]), torch.tensor([2, 7])]
for batch in DataLoader(sentences, batch_size=2):
    print(batch)
