import time

import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")


def wait():
    if device.type != "cpu":
        torch.accelerator.synchronize()


x = torch.ones(64, 64, device=device)
wait()
begin = time.perf_counter()
x @ x
wait()  # a GPU may still be busy with it
print(time.perf_counter() - begin > 0)
