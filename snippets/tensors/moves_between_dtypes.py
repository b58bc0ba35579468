import torch

x = torch.tensor([2.7, -2.7, 0.0])  # float32
print("double  ", x.double().dtype)
print("bfloat16", x.bfloat16().tolist())
print("long    ", x.long().tolist())
print("bool    ", x.bool().tolist())
print("to      ", x.to(torch.float16).dtype)
print("like y  ", x.to(torch.arange(3).dtype).dtype)
print("x itself", x.dtype, x.float() is x)
