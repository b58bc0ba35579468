import torch
from torch import nn


def network():
    return nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 2))


def scores(new_each_fold):
    torch.manual_seed(0)
    x, y = torch.randn(60, 10), torch.randint(2, (60,))  # a coin
    folds = torch.randperm(60).reshape(5, 12)
    for k in range(5):
        if k == 0 or new_each_fold:
            model = network()
            optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
        train = torch.cat([f for i, f in enumerate(folds) if i != k])
        for _ in range(40):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x[train]), y[train])
            loss.backward()
            optimizer.step()
        right = model(x[folds[k]]).argmax(dim=1) == y[folds[k]]
        yield round(right.float().mean().item(), 2)


print("one model:     ", *scores(new_each_fold=False))
print("new each fold: ", *scores(new_each_fold=True))
