import torch
from torch import nn

torch.manual_seed(0)
x_val, x_test = torch.randn(50, 10), torch.randn(10_000, 10)
y_val, y_test = (torch.randint(2, (len(x),)) for x in (x_val, x_test))


def accuracy(model, x, y):
    return (model(x).argmax(dim=1) == y).float().mean().item()


models = [nn.Linear(10, 2) for _ in range(20)]  # none is trained
scores = [accuracy(model, x_val, y_val) for model in models]
best = models[scores.index(max(scores))]
print(f"mean of 20, validation: {sum(scores) / 20:.2f}")
print(f"best of 20, validation: {max(scores):.2f}")
print(f"best of 20, test:       {accuracy(best, x_test, y_test):.2f}")
