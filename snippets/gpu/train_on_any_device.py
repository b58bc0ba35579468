import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")

torch.manual_seed(0)
model = nn.Linear(1, 1).to(device)
optimizer = torch.optim.SGD(model.parameters(), lr=0.25)

x = torch.tensor([[-1.0], [1.0]]).to(device)
y = torch.tensor([[-1.0], [3.0]]).to(device)  # 2x + 1

print("round   loss")
for n in range(1, 6):
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    print(f"{n:5}  {loss.item():.3f}")
