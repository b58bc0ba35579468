import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

torch.manual_seed(0)


def samples(n, rare):
    y = (torch.arange(n) < rare).long()
    return torch.randn(n, 2) + y[:, None], y  # the classes overlap


(x, y), (valid_x, valid_y) = samples(2000, 100), samples(2000, 100)
data, count = TensorDataset(x, y), y.bincount()
even = WeightedRandomSampler(1 / count[y], len(y))
plain = {"shuffle": True}
ways = {"plain": plain, "weight": plain, "sampler": {"sampler": even}}
for way, option in ways.items():
    weight = len(y) / (2 * count) if way == "weight" else None
    loss = nn.CrossEntropyLoss(weight)
    model = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for _ in range(2):
        for inputs, labels in DataLoader(data, batch_size=100, **option):
            optimizer.zero_grad()
            loss(model(inputs), labels).backward()
            optimizer.step()
    alarm = model(valid_x).argmax(dim=1) == 1
    hits = (alarm & (valid_y == 1)).sum().item()
    right = (alarm == (valid_y == 1)).float().mean()
    print(f"{way:8} {right:.2f} right, {hits} hits, {alarm.sum()} alarms")
