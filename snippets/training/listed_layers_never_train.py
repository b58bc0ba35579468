import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.layers = kind([nn.Linear(2, 2), nn.Linear(2, 2)])
        self.head = nn.Linear(2, 1)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.head(x)


for kind in (list, nn.ModuleList):
    torch.manual_seed(0)
    model, x = Net(kind), torch.rand(8, 2)
    before = model.layers[0].weight.clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(20):
        optimizer.zero_grad()
        ((model(x) - 1) ** 2).mean().backward()
        optimizer.step()
    moved = not torch.equal(before, model.layers[0].weight)
    count = sum(p.numel() for p in model.parameters())
    print(
        f"{kind.__name__:11}{count:3} parameters, first layer moved: {moved}"
    )
