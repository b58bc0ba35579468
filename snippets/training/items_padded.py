import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader


def collate(items):  # a list of tensors, one per sample
    lengths = torch.tensor([len(item) for item in items])
    return pad_sequence(items, batch_first=True), lengths


sentences = [torch.tensor([5]), torch.tensor([2, 7])]
for batch, lengths in DataLoader(sentences, batch_size=2, collate_fn=collate):
    print(batch)
    print(lengths)
