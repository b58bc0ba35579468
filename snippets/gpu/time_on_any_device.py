import time

import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
wait = (
    (lambda: None) if device.type == "cpu" else torch.accelerator.synchronize
)


def seconds(run, times=5):
    for _ in range(3):
        run()  # warm-up
    wait()  # nothing is left over
    start = time.perf_counter()
    for _ in range(times):
        run()
    wait()  # all is done
    return (time.perf_counter() - start) / times


small, large = (torch.ones(n, n, device=device) for n in (16, 1024))
longer = seconds(lambda: large @ large) > seconds(lambda: small @ small)
print("the larger product takes longer:", longer)
