import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")

torch.manual_seed(0)
x = torch.randn(150, 2)
y = (x.prod(dim=1) > 0).long()  # 1 where both signs agree
train = DataLoader(TensorDataset(x[:100], y[:100]), 32, shuffle=True)
valid = DataLoader(TensorDataset(x[100:], y[100:]), 32)
model = nn.Sequential(nn.Linear(2, 9), nn.ReLU(), nn.Linear(9, 2)).to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)

for epoch in range(1, 6):
    model.train()
    total = torch.zeros((), device=device)
    for inputs, labels in train:
        outputs = model(inputs.to(device))
        loss = nn.functional.cross_entropy(outputs, labels.to(device))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.detach() * len(labels)

    model.eval()
    right = torch.zeros((), device=device)
    with torch.no_grad():
        for inputs, labels in valid:
            answers = model(inputs.to(device)).argmax(dim=1)
            right += (answers == labels.to(device)).sum()
    print(f"epoch {epoch}: loss {total / 100:.2f}, {right:.0f} of 50 right")
