import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
model[2] = nn.Linear(8, 3)  # the optimizer still has the old layer
model[0].bias.requires_grad_(False)  # frozen on purpose

before = {name: p.detach().clone() for name, p in model.named_parameters()}
x, y = torch.randn(16, 4), torch.randint(3, (16,))
nn.functional.cross_entropy(model(x), y).backward()
optimizer.step()
known = {id(p) for group in optimizer.param_groups for p in group["params"]}
for name, p in model.named_parameters():
    print(
        f"{name:8} frozen {not p.requires_grad!s:5}",
        f"gradient {p.grad is not None!s:5}",
        f"in optimizer {id(p) in known!s:5}",
        f"changed {not torch.equal(p, before[name])}",
    )
