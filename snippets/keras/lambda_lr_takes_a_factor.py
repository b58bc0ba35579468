import torch
from torch.optim.lr_scheduler import LambdaLR


def schedule(epoch):
    return 0.1 if epoch < 2 else 0.05


def rates(function):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    scheduler = LambdaLR(optimizer, function)
    for _ in range(4):
        yield round(scheduler.get_last_lr()[0], 4)
        optimizer.step()
        scheduler.step()


print("a rate:  ", list(rates(schedule)))
print("a factor:", list(rates(lambda epoch: schedule(epoch) / 0.1)))
