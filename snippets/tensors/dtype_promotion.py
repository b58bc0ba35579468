import torch

floats = torch.ones(2, dtype=torch.float32)

print("float32 plus   torch          NumPy")
for dtype in (torch.int16, torch.int32, torch.int64):
    integers = torch.ones(2, dtype=dtype)
    in_torch = (floats + integers).dtype
    in_numpy = (floats.numpy() + integers.numpy()).dtype
    print(f"{dtype}    {in_torch}  {in_numpy}")
