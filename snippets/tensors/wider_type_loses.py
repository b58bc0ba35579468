import torch

x = torch.ones(2, dtype=torch.float16)
wide = torch.ones(2, dtype=torch.float64)
print((x + wide).dtype, "  with a float64 tensor")
print((x + wide[0]).dtype, "  with one float64 element")
print((x + 1.0).dtype, "  with a Python number")

i = torch.ones(2, dtype=torch.int32)
print((i + wide[0]).dtype, "  int32 with one float64 element")
print((i + 1.0).dtype, "  int32 with a Python number")
