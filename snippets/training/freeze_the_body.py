import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
body, head = model[0], model[2]
body.requires_grad_(False)
trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.Adam(trained, lr=0.1)

before = body.weight.clone(), head.weight.clone()
nn.functional.mse_loss(model(torch.randn(9, 4)), torch.ones(9, 1)).backward()
optimizer.step()
print("body moved:", not torch.equal(before[0], body.weight))
print("head moved:", not torch.equal(before[1], head.weight))
print("gradient of the body:", body.weight.grad)
