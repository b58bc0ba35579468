import torch

print("matrices:    ", torch.get_float32_matmul_precision())
print("convolutions:", torch.backends.cudnn.conv.fp32_precision)
