import torch

big = torch.zeros(1000, 1000)
row = big[0]
del big

print("row           ", row.nbytes, "bytes")
print("its storage   ", row.untyped_storage().nbytes())
print("its clone's   ", row.clone().untyped_storage().nbytes())
