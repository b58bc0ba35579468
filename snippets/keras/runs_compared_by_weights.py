# raises: AssertionError
import torch
from torch import nn

x = torch.tensor([[2.0]])


def trained(bias, activation):
    model = nn.Sequential(nn.Linear(1, 1), activation)
    model[0].weight.data.fill_(0.5)
    model[0].bias.data.fill_(bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.125)
    for _ in range(5):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), torch.tensor([[1.0]])).backward()
        optimizer.step()
    return model[0].weight


for activation in nn.Tanh(), nn.ReLU():
    one, two = (trained(b, activation) for b in (-1.0, -1.0 + 2**-24))
    print(f"{activation}: {one.item():.4f} {two.item():.4f}")
    torch.testing.assert_close(one, two, msg=lambda m: m.split("\n")[0])
