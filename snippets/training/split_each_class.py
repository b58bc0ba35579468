import torch

y = torch.tensor([0] * 45 + [1] * 5)


def by_row():
    return torch.randperm(50)[:10]


def by_class():
    parts = [(y == label).nonzero()[:, 0] for label in (0, 1)]
    return torch.cat([p[torch.randperm(len(p))[: len(p) // 5]] for p in parts])


torch.manual_seed(0)
for split in (by_row, by_class):
    rare = [y[split()].sum().item() for _ in range(12)]
    print(f"{split.__name__:9}{rare}")
