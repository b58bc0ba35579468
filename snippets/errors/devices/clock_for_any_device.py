import time

import torch

gpu = torch.accelerator.is_available()
wait = torch.accelerator.synchronize if gpu else (lambda: None)

x = torch.ones(64, 64)
wait()
begin = time.perf_counter()
x @ x
wait()  # a GPU may still be busy with it
print(time.perf_counter() - begin > 0)
