import torch
from torch import nn

torch.manual_seed(0)
x = torch.tensor([[-1.0], [0.0], [1.0], [2.0]])
y = 2 * x + 1  # the examples follow this rule

model = nn.Linear(1, 1)  # one weight, one bias
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(100):
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

print(f"weight {model.weight.item():.2f}")
print(f"bias   {model.bias.item():.2f}")
