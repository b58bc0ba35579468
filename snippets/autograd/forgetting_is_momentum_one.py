import torch


def path(momentum, clear):
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.0625, momentum=momentum)
    for _ in range(6):
        ((2 * w - 6) ** 2).backward()
        optimizer.step()
        yield w.item()
        if clear:
            optimizer.zero_grad()


print("momentum 0, forgotten", *path(0.0, clear=False))
print("momentum 1, cleared  ", *path(1.0, clear=True))
print("momentum 0, cleared  ", *path(0.0, clear=True))
