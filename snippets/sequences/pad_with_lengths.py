import torch
from torch.nn.utils.rnn import pad_sequence

sentences = [torch.tensor([5, 2, 7, 4]), torch.tensor([3, 6])]
lengths = torch.tensor([len(sentence) for sentence in sentences])
words = pad_sequence(sentences, batch_first=True)  # (batch, time)
real = torch.arange(words.shape[1]) < lengths[:, None]

print(words)
print(lengths)
print(real)
