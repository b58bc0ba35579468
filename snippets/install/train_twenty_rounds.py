import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")

torch.manual_seed(0)
x = torch.tensor([[-1.0], [0.0], [1.0], [2.0]]).to(device)
y = 2 * x + 1
model = nn.Linear(1, 1).to(device)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

print("device:", device.type)
print("round   loss")
for n in range(1, 21):
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    if n in (1, 5, 10, 20):
        print(f"{n:5}  {loss.item():5.2f}")
print(f"y = {model.weight.item():.2f} x + {model.bias.item():.2f}")
