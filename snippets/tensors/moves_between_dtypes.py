import torch

x = torch.tensor([2.7, -2.7, 0.0])  # float32
y = torch.ones(3, dtype=torch.float64)

print("long     ", x.long().tolist())
print("bool     ", x.bool().tolist())
print("bfloat16 ", x.bfloat16().tolist())
print("half     ", x.to(torch.float16).dtype)
print("like y   ", x.to(y.dtype).dtype)
print("float    ", x.float().dtype, x.float() is x)
