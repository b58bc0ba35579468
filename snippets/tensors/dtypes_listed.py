import torch

floats = (torch.bfloat16, torch.float16, torch.float32, torch.float64)
print("dtype           bits           max           eps")
for dtype in floats:
    of = torch.finfo(dtype)
    print(f"{str(dtype):14} {of.bits:5} {of.max:13.6g} {of.eps:13.6g}")

print("\ndtype           bits    min and max")
signed = (torch.int8, torch.int16, torch.int32, torch.int64)
for dtype in (torch.uint8, *signed):
    of = torch.iinfo(dtype)
    print(f"{str(dtype):14} {of.bits:5}    {of.min} {of.max}")

print("\ndtype           bits")
for dtype in (torch.bool, torch.complex64, torch.complex128):
    print(f"{str(dtype):15} {8 * dtype.itemsize:4}")
