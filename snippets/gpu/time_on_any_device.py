import time

import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
wait = (
    (lambda: None) if device.type == "cpu" else torch.accelerator.synchronize
)


def seconds(run, times=5):
    run()  # warm-up
    found = []
    for _ in range(times):
        wait()  # nothing is left over
        start = time.perf_counter()
        run()
        wait()  # all is done
        found.append(time.perf_counter() - start)
    return min(found)  # the least disturbed one


sides = 16, (1024 if device.type == "cpu" else 8192)
small, large = (torch.randn(n, n, device=device) for n in sides)
longer = seconds(lambda: large @ large) > seconds(lambda: small @ small)
print("the larger product takes longer:", longer)
