import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader


def padded(batch):
    items = [torch.tensor(words) for words in batch]
    return pad_sequence(items, batch_first=True)


words = [[4, 8, 2], [7, 1]]
print(next(iter(DataLoader(words, batch_size=2, collate_fn=padded))))
