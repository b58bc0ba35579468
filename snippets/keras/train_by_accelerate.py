# needs: accelerate
# takes: 20 s
import torch
from accelerate import Accelerator
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

accelerator = Accelerator(cpu=True)  # without cpu=True: a GPU if there is one
torch.manual_seed(0)
x = torch.randn(100, 2)
y = (x.prod(dim=1) > 0).long()
batches = DataLoader(TensorDataset(x, y), 32, shuffle=True)
model = nn.Sequential(nn.Linear(2, 9), nn.ReLU(), nn.Linear(9, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
parts = accelerator.prepare(model, optimizer, batches)
model, optimizer, batches = parts

for epoch in range(1, 4):
    model.train()
    total = 0.0
    for inputs, labels in batches:
        loss = nn.functional.cross_entropy(model(inputs), labels)
        accelerator.backward(loss)
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * len(labels)
    print(f"epoch {epoch}: loss {total / len(x):.4f}")
