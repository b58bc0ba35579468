# takes: 20 s
from timeit import repeat

import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
no_gpu = "----  needs a GPU:" if device.type == "cpu" else ""


def check(claim, holds):
    print({True: "yes ", False: "no  "}.get(holds, holds), claim)


def seconds(run, x):
    return min(repeat(lambda: run(x).sum().item(), number=1, repeat=5))


def square(x):
    return x @ x


def many(a):
    return torch.stack([x @ x for x in a])


def queued():  # busy after 20 products, and done after .item()?
    end = torch.Event(device)
    for _ in range(20):
        y = x @ x
    end.record()
    return not end.query(), y[0, 0].item() > 0 and end.query()


n = 64 if no_gpu else 4096
x, a = torch.ones(n, n, device=device), torch.ones(999, 4, 4, device=device)
check("many small calls compute the same", many(a).equal(a @ a))
check("one large is faster", no_gpu or seconds(square, a) < seconds(many, a))
check("a call returns before it is done", no_gpu or queued()[0])
check(".item() waits for the queue", no_gpu or queued()[1])
small = no_gpu or seconds(square, a[0].cpu()) < seconds(square, a[0])
check("the CPU is faster at side 4", small)
large = no_gpu or seconds(square, x) < seconds(square, x.cpu())
check("the GPU is faster at side 4096", large)
