import torch
from torch import nn

torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, batch_first=True)
words, places = nn.Embedding(10, 16), nn.Embedding(8, 16)
head = nn.Linear(16, 10)


def model(tokens):  # (batch, time)
    time = tokens.shape[1]
    later = torch.ones(time, time, dtype=torch.bool).triu(1)
    x = words(tokens) + places(torch.arange(time))
    return head(layer(x, src_mask=later))  # (batch, time, 10)


tokens = torch.tensor([[3, 1]])
with torch.no_grad():
    for _ in range(4):
        logits = model(tokens)[:, -1]  # those for the next token
        token = logits.argmax(dim=1, keepdim=True)
        tokens = torch.cat((tokens, token), dim=1)
        print(tokens.tolist())
