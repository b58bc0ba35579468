# needs: compiler
# takes: 60 s
from timeit import repeat

import torch
from torch._inductor import metrics

found = torch.accelerator.current_accelerator(check_available=True)
device = found or torch.device("cpu")
no_gpu = "----  needs a GPU:" if device.type == "cpu" else ""


def check(claim, holds):
    print({True: "yes ", False: "no  "}.get(holds, holds), claim)


def f(x):
    return torch.sin(x) * torch.cos(x) + x


def drop(x):
    torch.manual_seed(0)
    return torch.nn.functional.dropout(x, 0.5)


def agree(run, plain=f):
    return torch.allclose(run(x), plain(x), atol=1e-5)


def seconds(run):
    return min(repeat(lambda: run(x)[0].item(), number=1, repeat=5))


no_cuda = no_gpu or ("" if device.type == "cuda" else "----  needs CUDA:")
old = not no_cuda and torch.cuda.get_device_capability() < (7, 0)
old = old and "----  needs compute capability 7.0:"
x = torch.randn(1000 if no_gpu else 2**26, device=device)
metrics.reset()  # count from here
compiled, graphs = torch.compile(f), torch.compile(f, mode="reduce-overhead")
check("compiled agrees with eager", old or agree(compiled))
kernels = metrics.generated_kernel_count
check("four operations, one kernel", old or kernels == 1)
check("dropout draws differently", old or not agree(torch.compile(drop), drop))
check("compiled is faster", old or no_gpu or seconds(compiled) < seconds(f))
check("CUDA graphs agree", old or no_cuda or all(map(agree, 3 * [graphs])))
