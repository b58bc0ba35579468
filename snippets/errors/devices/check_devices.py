import torch
from torch import nn

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


no_cuda = no_gpu or ("" if torch.version.cuda else "----  needs CUDA:")
no_mps = no_gpu or ("" if device.type == "mps" else "----  needs MPS:")
x, rows, cpu = torch.ones(2, 2), torch.zeros(1).long(), torch.Generator()
y, lstm = x.to(device), nn.LSTM(2, 2).to(device)
entry("Expected all tensors to be on the same device", no_gpu, torch.add, x, y)
entry("(torch.FloatTensor) should be the same", no_gpu, nn.Conv1d(2, 1, 1), y)
entry(
    "indices should be either on cpu", no_gpu, x.__getitem__, rows.to(device)
)
entry("Input and parameter tensors are not at the same", no_gpu, lstm, x)
entry("is not on the expected device", "", nn.Linear(2, 2, device="meta"), y)
entry("at start of device string: gpu", "", torch.device, "gpu")
entry("Invalid device string: 'cuda0'", "", torch.device, "cuda0")
entry("CUDA error: invalid device ordinal", no_cuda, x.to, "cuda:99")
entry("Expected a 'cuda' device type", no_cuda, y.random_, generator=cpu)
entry("MPS framework doesn't support float64", no_mps, x.double().to, device)
check("No error: x.to(device) leaves x on the CPU", no_gpu or x.is_cpu)
