from time import perf_counter as now

import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
no_gpu = "----  needs a GPU:" if device.type == "cpu" else ""


def check(claim, holds):
    print({True: "yes ", False: "no  "}.get(holds, holds), claim)


def shares():  # of the time until all is done: asking, between two marks
    start, end = (torch.Event(device, enable_timing=True) for _ in range(2))
    clock = now()
    start.record()
    x @ x
    end.record()
    asked = now() - clock
    end.synchronize()
    took = now() - clock
    return asked / took, start.elapsed_time(end) / 1000 / took


x = torch.ones(2 * [64 if no_gpu else 8192], device=device)
with torch.profiler.profile() as profiler:
    x @ x  # also prepares the next ones
rows = {row.key: row.self_device_time_total for row in profiler.key_averages()}
on_gpu = no_gpu or ("----  needs CUDA or XPU:" if device.type == "mps" else "")
check("a call returns before it is done", no_gpu or shares()[0] < 0.5)
check("events agree with the clock", no_gpu or 0.5 < shares()[1] < 2)
check("a profile lists the product", "aten::mm" in rows)
check("it has the GPU's own times", on_gpu or sum(rows.values()) > 0)
