import torch
from torch import nn

torch.manual_seed(0)
attention = nn.MultiheadAttention(8, 2, batch_first=True)
words = nn.Embedding(10, 8)
places = nn.Embedding(4, 8)


def last_word(sentence, with_places):
    x = words(sentence)  # (batch, time, features)
    if with_places:
        x = x + places(torch.arange(sentence.shape[1]))
    return attention(x, x, x)[0][:, -1]


one, other = torch.tensor([[3, 1, 4, 2]]), torch.tensor([[1, 4, 3, 2]])
for with_places in [False, True]:
    gap = last_word(one, with_places) - last_word(other, with_places)
    print(f"with places={with_places}: gap {gap.abs().max():.3f}")
