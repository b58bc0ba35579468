import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

a, b = torch.linspace(-1, 1, 5), torch.tensor([-0.7, 0.7])
x = torch.cartesian_prod(a, b)  # (10, 2)
y = x.prod(dim=1, keepdim=True)  # (10, 1)
data = TensorDataset(x, y)
batches = DataLoader(data, batch_size=4)  # 4, 4, 2

torch.manual_seed(0)
shapes = [(8, 2), (8,), (1, 8), (1,)]  # (outputs, inputs)
start = [torch.randn(shape) for shape in shapes]

layers = [
    nn.Linear(2, 8),
    nn.Tanh(),
    nn.Linear(8, 1),
]
model = nn.Sequential(*layers)
with torch.no_grad():
    for w, s in zip(model.parameters(), start, strict=True):
        w.copy_(s)  # PyTorch: (outputs, inputs)

loss_fn = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

model.train()
for epoch in range(1, 6):
    mean = 0.0
    for xb, yb in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        optimizer.step()
        mean += loss.item() * len(xb) / len(x)
    print(f"epoch {epoch}: loss {mean:.4f}")
