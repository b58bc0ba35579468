import torch

matmul = torch.backends.cuda.matmul
conv = torch.backends.cudnn.conv
print("products, at first:    ", torch.get_float32_matmul_precision())
print("convolutions, at first:", conv.fp32_precision)

matmul.fp32_precision = "tf32"
conv.fp32_precision = "ieee"
print("products:    ", matmul.fp32_precision)
print("convolutions:", conv.fp32_precision)
