import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
model = nn.Linear(1, 1).to(device)
nn.init.zeros_(model.weight)
nn.init.zeros_(model.bias)
optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
x = torch.tensor([[-1.0], [1.0]], device=device)
y = 2 * x + 1

total = torch.zeros((), device=device)
for _ in range(4):
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    total += loss.detach()
print("mean loss:", total.item() / 4)
