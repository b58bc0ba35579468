import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

found = torch.accelerator.current_accelerator(check_available=True)
device = found or torch.device("cpu")
no_gpu = "----  needs a GPU:" if device.type == "cpu" else ""


def check(claim, holds):
    print({True: "yes ", False: "no  "}.get(holds, holds), claim)


def refused(run, *inputs):
    try:
        run(*inputs)
    except RuntimeError as error:
        return "Expected all tensors to be on the same device" in str(error)
    return False


def flops(model):
    with FlopCounterMode(display=False) as counter:
        model(torch.ones_like(model.weight)).sum().backward()
    return counter.get_total_flops()


no_cuda = no_gpu or ("" if device.type == "cuda" else "----  needs CUDA:")
a, b = torch.ones(2, 3, device=device), torch.ones(3, 2)
meta, model = nn.Linear(3, 1, device="meta"), nn.Linear(3, 1)
model.kept = b  # a plain attribute
check("an attribute stays behind", no_gpu or model.to(device).kept.is_cpu)
check("meta counts the FLOPs of this device", flops(meta) == flops(model))
meta.to_empty(device=device)
check("to_empty gives meta weights memory", meta.weight.device == a.device)
check("a + b.T is refused", no_cuda or refused(torch.add, a, b.T))
check("a @ b is refused", no_cuda or refused(torch.matmul, a, b))
check("b += a.T is refused", no_cuda or refused(b.add_, a.T))
check("a linear layer refuses b.T", no_cuda or refused(model, b.T))
