import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

device = "cpu"  # or "cuda"
torch.manual_seed(0)
x = torch.randn(100, 2)
y = (x.prod(dim=1) > 0).long()  # 1 where both signs agree
batches = DataLoader(TensorDataset(x, y), 32, shuffle=True)
model = nn.Sequential(nn.Linear(2, 9), nn.ReLU(), nn.Linear(9, 2))
model.to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)

for epoch in range(1, 4):
    model.train()
    total = 0.0
    for inputs, labels in batches:
        inputs, labels = inputs.to(device), labels.to(device)
        loss = nn.functional.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * len(labels)
    print(f"epoch {epoch}: loss {total / len(x):.4f}")
