import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
y = torch.randint(3, (50,))
x = torch.randn(50, 2) + torch.tensor([[2, 0], [0, 2], [-2, 0]])[y]
batches = DataLoader(TensorDataset(x[:40], y[:40]), batch_size=16)

model = torch.nn.Linear(2, 3)
for w in model.parameters():
    torch.nn.init.zeros_(w)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for _ in range(3):
    model.train()
    total = right = 0
    for xb, yb in batches:
        optimizer.zero_grad()
        logits = model(xb)
        loss = cross_entropy(logits, yb)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(xb)
        right += (logits.argmax(1) == yb).sum().item()
    model.eval()
    with torch.no_grad():
        logits = model(x[40:])
    val = cross_entropy(logits, y[40:]).item()
    accuracy = (logits.argmax(1) == y[40:]).float().mean().item()
    print(f"accuracy {right / 40:.4f} loss {total / 40:.4f} ", end="")
    print(f"val_accuracy {accuracy:.4f} val_loss {val:.4f}")

print("predict:", logits.argmax(1).numpy())
