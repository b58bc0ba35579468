# needs: cuda
import time

import torch

x = torch.randn(4096, 4096, device="cuda")
start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
y = x @ x  # warm-up
torch.cuda.synchronize()

clock = time.perf_counter()
start.record()
for _ in range(20):
    y = x @ x
end.record()
returned = (time.perf_counter() - clock) * 1000  # ms, without waiting

end.synchronize()
took = start.elapsed_time(end)  # ms, between the marks in the queue
print("the clock alone misses more than half:", returned < took / 2)
