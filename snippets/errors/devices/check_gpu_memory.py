# needs: unix
# takes: 20 s
import sys
from multiprocessing import get_all_start_methods, get_context
from subprocess import run

import torch

found = torch.accelerator.current_accelerator(check_available=True)
device = found or torch.device("cpu")
no_gpu = "----  needs a GPU:" if device.type == "cpu" else ""


def check(claim, holds):
    print({True: "yes ", False: "no  "}.get(holds, holds), claim)


def entry(text, lacks, run, *inputs, **named):
    try:
        said = lacks or run(*inputs, **named)
    except (RuntimeError, TypeError) as error:
        said = error
    check(text, lacks or text in str(said))


def forked():
    with get_context("fork").Pool(1) as pool:
        pool.apply(torch.ones, [1], {"device": device})


no_cuda = no_gpu or ("" if torch.version.cuda else "----  needs CUDA:")
forks = "fork" in get_all_start_methods()
no_fork = no_cuda or ("" if forks else "----  needs Linux:")
x, meta = torch.ones(2, device=device), torch.ones(2, device="meta")
other = [sys.executable, "-c", "import torch; torch.ones(2).cuda()[[5]].cpu()"]
entry("CUDA out of memory.", no_cuda, torch.empty, 2**44, device=device)
entry("device-side assert triggered", no_cuda, run, other, capture_output=True)
entry("Cannot re-initialize CUDA in forked subprocess.", no_fork, forked)
entry("device type tensor to numpy. Use Tensor.cpu()", no_gpu, x.numpy)
entry("Cannot copy out of meta tensor; no data!", "", meta.to, device)
check("No error: adding meta leaves x", x.clone().add_(meta).equal(x))
