import torch

for dtype in (torch.int8, torch.int32, torch.int64):
    most = torch.tensor(torch.iinfo(dtype).max, dtype=dtype)
    print(dtype, most.item(), "+ 1 =", (most + 1).item())
