import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
y = (torch.rand(2000) < 0.03).float()  # class 1 is rare
x = torch.randn(2000, 2) + 2 * y[:, None]
loader = DataLoader(TensorDataset(x, y), batch_size=64)
model = nn.Linear(2, 1)  # yours, trained
with torch.no_grad():
    model.weight.fill_(2.0)
    model.bias.fill_(-7.5)

model.eval()
device = next(model.parameters()).device
scores, labels = [], []
with torch.no_grad():
    for x, y in loader:
        logits = model(x.to(device)).cpu()
        # Of two outputs, take logits[:, 1] - logits[:, 0];
        # of C classes logits.argmax(1), for the table of counts below
        scores.append(logits[:, 0])
        labels.append(y)
scores, y = torch.cat(scores), torch.cat(labels)

alarm = scores > 0  # a probability above 0.5
hits = (alarm & (y == 1)).sum()
print(f"accuracy  {(alarm == y).float().mean():.2f}", end=", ")
print(f"of always 0: {(y == 0).float().mean():.2f}")
print(f"precision {hits / alarm.sum():.2f}")
print(f"recall    {hits / y.sum():.2f}")
