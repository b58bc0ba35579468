import torch

big = torch.zeros(1000, 1000)
first = big[0]
del big
print(first.nbytes, "bytes, in a storage of")
print(first.untyped_storage().nbytes())
print(first.clone().untyped_storage().nbytes())
