import torch
from torch import nn

torch.manual_seed(0)
x, y = torch.randn(128, 3), torch.randn(128, 1)
loss_fn = nn.MSELoss()


def weight_after(parts):
    torch.manual_seed(1)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    size = len(x) // parts
    for xb, yb in zip(x.split(size), y.split(size), strict=True):
        loss = loss_fn(model(xb), yb) / parts
        loss.backward()  # adds to .grad
    optimizer.step()  # once for all parts
    optimizer.zero_grad()
    return model.weight.detach()


one, four = weight_after(1), weight_after(4)
print(one)
print(four)
print("within a millionth:", bool((one - four).abs().max() < 1e-6))
