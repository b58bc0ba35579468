import torch
from torch import nn

x = torch.tensor([[9.1, 48], [torch.nan, 73], [8.7, 47]])
y = torch.tensor([0, 1, 0])

torch.manual_seed(0)
model = nn.Linear(2, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
loss = nn.functional.cross_entropy(model(x), y)
loss.backward()
optimizer.step()
print("loss", loss.item())
print("weights", model.weight.tolist())
