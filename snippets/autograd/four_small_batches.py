import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(8, 1)
x, y = torch.randn(128, 8), torch.randn(128, 1)


def gradient(size, divide):
    model.zero_grad()
    for i in range(0, 128, size):
        part = slice(i, i + size)
        loss = nn.functional.mse_loss(model(x[part]), y[part])
        (loss / divide).backward()
    return model.weight.grad[0, :3]


torch.set_printoptions(precision=3)
print("1 x 128          ", gradient(128, divide=1))
print("4 x 32, divided  ", gradient(32, divide=4))
print("4 x 32, undivided", gradient(32, divide=1))
