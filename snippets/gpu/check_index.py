from contextlib import suppress

import torch
from torch import nn

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
no_gpu = "----  needs a GPU:" if device.type == "cpu" else ""


def check(claim, holds):
    print({True: "yes ", False: "no  "}.get(holds, holds), claim)


def refused(call, *inputs):
    with suppress(RuntimeError, TypeError):
        call(*inputs)
        return False
    return True


model, here = nn.Linear(2, 2), torch.ones(2, 2)
x = here.to(device)
held = torch.accelerator.memory_allocated
check("model.to moves the model itself", model.to(device) is model)
check("x.to returns x where x is there", x.to(device) is x)
y = model(x)
check("a result is where its inputs are", y.device == x.device)
check("cpu() fetches it for NumPy", y.detach().cpu().numpy().size == 4)
check("x.to leaves the original", no_gpu or here.device.type == "cpu")
check("x names its GPU by a number", no_gpu or x.device.index is not None)
check("tensors take GPU memory", no_gpu or held() >= x.nbytes)
check("NumPy refuses x", no_gpu or refused(x.numpy))
check("CPU and GPU do not add", no_gpu or refused(torch.add, here, x))
