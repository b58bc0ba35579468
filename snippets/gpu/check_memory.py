import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
no_gpu = "----  needs a GPU:" if device.type == "cpu" else ""


def check(claim, holds):
    print({True: "yes ", False: "no  "}.get(holds, holds), claim)


def more(meter, run, *inputs):  # bytes, while the result is still there
    before = meter()
    _result = run(*inputs)
    return meter() - before


held = torch.accelerator.memory_allocated
reserved = torch.accelerator.memory_reserved
empty = torch.accelerator.empty_cache
block = nn.Sequential(nn.Linear(256, 1024), nn.GELU(), nn.Linear(1024, 256))
x = torch.ones(1024, 256, device=device)
no_grad, y = torch.no_grad()(block.to(device)), block(x)  # also prepares
check("no_grad records no graph", y.requires_grad > no_grad(x).requires_grad)
check("a tensor takes its bytes", no_gpu or more(held, x.clone) == x.nbytes)
torch.empty(2**24, device=device)  # 64 MiB, freed at once
check("torch keeps what is freed", no_gpu or reserved() >= held() + 2**26)
check("empty_cache hands it back", no_gpu or more(reserved, empty) <= -(2**26))
full, less = no_gpu or more(held, block, x), no_gpu or more(held, no_grad, x)
again = no_gpu or more(held, lambda: checkpoint(block, x, use_reentrant=False))
check("no_grad keeps less", no_gpu or less < full / 2)
check("a checkpoint keeps less", no_gpu or again < full / 2)
