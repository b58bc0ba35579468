import torch

bools = torch.tensor([True])
longs = torch.tensor([1])
halves = torch.tensor([1], dtype=torch.float16)
floats = torch.tensor([1.0])

print("bool + int64      ", (bools + longs).dtype)
print("int64 + float16   ", (longs + halves).dtype)
print("float16 + float32 ", (halves + floats).dtype)
print("int64 + 0.5       ", (longs + 0.5).dtype)
print("float16 + 0.5     ", (halves + 0.5).dtype)
