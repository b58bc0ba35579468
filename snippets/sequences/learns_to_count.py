import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(32, 2, 64, dropout=0.0, batch_first=True)
words, places = nn.Embedding(10, 32), nn.Embedding(8, 32)
head = nn.Linear(32, 10)
parts = nn.ModuleList([layer, words, places, head])
optimizer = torch.optim.Adam(parts.parameters(), lr=0.01)


def model(tokens):  # (batch, time)
    time = tokens.shape[1]
    later = torch.ones(time, time, dtype=torch.bool).triu(1)
    x = words(tokens) + places(torch.arange(time))
    return head(layer(x, src_mask=later))  # (batch, time, 10)


for _ in range(100):
    start, step = torch.randint(10, (32, 1)), torch.randint(1, 4, (32, 1))
    tokens = (start + step * torch.arange(8)) % 10  # such as 6 8 0 2 ...
    x, y = tokens[:, :-1], tokens[:, 1:]
    loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

tokens = torch.tensor([[1, 2], [1, 3], [1, 4]])
with torch.no_grad():
    for _ in range(6):
        token = model(tokens)[:, -1:].argmax(dim=2)
        tokens = torch.cat((tokens, token), dim=1)
print(tokens)
